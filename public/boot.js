/* Starts the program that the build has named in <meta id="relais-app">, keeps it for days without a network,
   and says in plain words when it cannot run. It knows nothing of documents, and holds no words of its own:
   they stand in index.html. Plain old syntax, so that an old browser gets as far as the explanation.

   Events on window, for the program:  relais:update  a new version is here and waits for the person
                                       relais:wake    the browser thinks that sending may work now
   Events on window, from the program: relais:install the person agrees to the new version
                                       relais:check   the server speaks of a new version, look for it
   On <html>: data-shell="kept" once the portal opens without a network, data-update="ready" with relais:update. */
(function () {
  "use strict";
  var root = document.documentElement;
  var first = document.getElementById("first");
  // The smallest module with a reference type: what the compiled program cannot do without.
  var NEEDED = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 1, 111, 0];

  function preference(name) {
    try {
      return (localStorage.getItem("relais." + name) || "").replace(/"/g, "");
    } catch (refused) {
      return "";
    }
  }

  // Before the first paint of the program, so that a chosen theme does not flash.
  if (preference("theme")) root.setAttribute("data-theme", preference("theme"));
  if (preference("lang")) root.lang = preference("lang");

  function browser_is_able() {
    try {
      return !!window.indexedDB && WebAssembly.validate(new Uint8Array(NEEDED));
    } catch (missing) {
      return false;
    }
  }

  function say(id) {
    document.getElementById("first-wait").hidden = true;
    document.getElementById(id).hidden = false;
  }

  function announce(name) {
    window.dispatchEvent(new Event("relais:" + name));
  }

  function run() {
    var named = document.getElementById("relais-app");
    // Staff have a program of their own, so that nobody else pays for its pages.
    var office = /^\/inbox(\/|$)/.test(location.pathname) || preference("office");
    import(named.getAttribute(office ? "data-office" : "content"))
      .then(function (program) {
        return program.default({ module_or_path: named.getAttribute(office ? "data-office-wasm" : "data-wasm") });
      })
      .then(function () { first.remove(); keep(office); })
      .catch(function (error) { console.error(error); say("first-broken"); });
  }

  // After the program, never beside it: on a thin line the two would only slow each other.
  function keep(office) {
    var workers = navigator.serviceWorker;
    if (!workers) return;
    var agreed = false;

    function watch(registration) {
      function look() {
        if (!registration.waiting || !workers.controller) return;
        root.setAttribute("data-update", "ready");
        announce("update");
      }
      registration.addEventListener("updatefound", function () {
        registration.installing.addEventListener("statechange", look);
      });
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
      // A page may stay open for days; an hour after the last look there is another when it is shown.
      document.addEventListener("visibilitychange", function () {
        if (!document.hidden && Date.now() - looked > 3600000) check();
      });
      window.addEventListener("offline", function () {
        if (registration.sync) registration.sync.register("wake").catch(later);
      });
      look();
    }

    // Not reached, not allowed, not whole: the page goes on without, and the next start tries again.
    function later() {}

    workers.addEventListener("controllerchange", function () { if (agreed) location.reload(); });
    workers.addEventListener("message", function (event) { if (event.data.type === "wake") announce("wake"); });
    workers.ready.then(function (registration) {
      if (office) registration.active.postMessage({ type: "keep-office" });
      root.setAttribute("data-shell", "kept");
    });
    workers.register("/service_worker.js", { updateViaCache: "none" }).then(watch, later);
  }

  if (browser_is_able()) run(); else say("first-old");
})();
