/* Starts the program this person needs, keeps it for days without a network, and says in plain words when it cannot
   run. It knows nothing of documents, and holds no words of its own: they stand in index.html. Plain old syntax, so
   that an old browser gets as far as the explanation.

   The build names the files of each program in <meta name="relais-program" content="portal" data-script data-wasm>.
   Events on window, for the program:  relais:update  a new version is here and waits for the person
                                       relais:wake    the browser thinks that sending may work now
   Events on window, from the program: relais:install the person agrees to the new version
                                       relais:check   the server speaks of a new version, look for it
   On <html>: data-shell="kept" once the program opens without a network, data-update="ready" with relais:update. */
(function () {
  "use strict";
  var root = document.documentElement;
  var first = document.getElementById("first");
  var workers = navigator.serviceWorker;
  // The smallest module with a reference type: what the compiled programs cannot do without.
  var NEEDED = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 1, 111, 0];
  // A page shown again looks for a new version if the last look was longer ago, in milliseconds.
  var CHECK_AFTER = 3600000;

  function preference(name) {
    try {
      return (localStorage.getItem("relais." + name) || "").replace(/"/g, "");
    } catch (refused) {
      return "";
    }
  }

  function browser_is_able() {
    try {
      return !!window.indexedDB && WebAssembly.validate(new Uint8Array(NEEDED));
    } catch (missing) {
      return false;
    }
  }

  // Staff have a program of their own, so that nobody else pays for its pages.
  function chosen_program() {
    return /^\/inbox(\/|$)/.test(location.pathname) || preference("office") ? "office" : "portal";
  }

  function start(program) {
    var files = document.querySelector('meta[name="relais-program"][content="' + program + '"]');
    return import(files.getAttribute("data-script")).then(function (script) {
      return script.default({ module_or_path: files.getAttribute("data-wasm") });
    });
  }

  function say(id) {
    document.getElementById("first-wait").hidden = true;
    document.getElementById(id).hidden = false;
  }

  function announce(name) {
    window.dispatchEvent(new Event("relais:" + name));
  }

  // Not reached, not allowed, not whole: the page goes on without, and the next start tries again.
  function later() {}

  // Calls `look` now and whenever a new version has come further. The browser may have begun to fetch one by itself.
  function follow(registration, look) {
    function listen() {
      if (registration.installing) registration.installing.addEventListener("statechange", look);
    }
    registration.addEventListener("updatefound", listen);
    listen();
    look();
  }

  // After the program, never beside it: on a thin line the two would only slow each other.
  function keep(program) {
    var agreed = false;

    function watch(registration) {
      function look() {
        if (!registration.waiting || !workers.controller) return;
        root.setAttribute("data-update", "ready");
        announce("update");
      }
      follow(registration, look);
      window.addEventListener("relais:install", function () {
        if (!registration.waiting) return;
        agreed = true;
        registration.waiting.postMessage({ type: "install-update" });
      });
      var looked = Date.now();
      function check() {
        looked = Date.now();
        registration.update().catch(later);
      }
      window.addEventListener("relais:check", check);
      document.addEventListener("visibilitychange", function () {
        if (!document.hidden && Date.now() - looked > CHECK_AFTER) check();
      });
      window.addEventListener("offline", function () {
        if (registration.sync) registration.sync.register("wake").catch(later);
      });
    }

    workers.addEventListener("controllerchange", function () { if (agreed) location.reload(); });
    workers.addEventListener("message", function (event) { if (event.data.type === "wake") announce("wake"); });
    workers.ready.then(function (registration) {
      var answer = new MessageChannel();
      answer.port1.onmessage = function () { root.setAttribute("data-shell", "kept"); };
      registration.active.postMessage({ type: "keep-program", program: program }, [answer.port2]);
    });
    workers.register("/service_worker.js", { updateViaCache: "none" }).then(watch, later);
  }

  // The page that is kept may name a program that the server no longer has. Nothing runs here that a new version
  // could disturb, so it is not waited for.
  function renew() {
    workers.getRegistration().then(function (registration) {
      if (!registration) return;
      workers.addEventListener("controllerchange", function () { location.reload(); });
      function install() {
        if (registration.waiting) registration.waiting.postMessage({ type: "install-update" });
      }
      follow(registration, install);
      return registration.update();
    }).catch(later);
  }

  // Before the first paint of the program, so that a chosen theme does not flash.
  if (preference("theme")) root.setAttribute("data-theme", preference("theme"));
  if (preference("lang")) root.lang = preference("lang");

  if (!browser_is_able()) {
    say("first-old");
    return;
  }
  var program = chosen_program();
  start(program).then(function () {
    first.remove();
    if (workers) keep(program);
  }, function (error) {
    console.error(error);
    say("first-broken");
    if (workers) renew();
  });
})();
