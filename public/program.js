/* Fetches the program a person needs, says how far it has come, starts it, and keeps it for days without a network.
   start.js says which. It knows nothing of documents or of people, and holds no words.

   The build names the files of each program, and their sizes before compression, in
   <meta name="relais-program" content="portal" data-script data-script-bytes data-wasm data-wasm-bytes>.
   Events on window, for the program:  relais:update  a new version is here and waits for the person
                                       relais:wake    the browser thinks that sending may work now
   Events on window, from the program: relais:install the person agrees to the new version
                                       relais:check   the server speaks of a new version, look for it
   On <html>: data-shell="kept" once the program opens without a network, data-update="ready" with relais:update. */

/* A page shown again looks for a new version if the last look was longer ago, in milliseconds. */
const CHECK_AFTER = 3600000;

const root = document.documentElement;
const workers = navigator.serviceWorker;

/* Not reached, not allowed, not whole: the page goes on without, and the next start tries again. */
function later() {}

/* Fetching. */

/* The one program that is on its way or here. */
let download = null;

/* Fetches a program that will probably be needed, behind everything else. */
export function fetch_ahead(program) {
  if (!download) download = begin(program, "low");
}

/* Starts a program; `on_bytes(received, total)` hears of each piece that comes, and nothing of what is kept here. */
export async function start(program, on_bytes) {
  if (download && download.program !== program) download.abort();
  if (!download || download.program !== program) download = begin(program, "high");
  try {
    download.listen(on_bytes);
    const [script, module] = await download.whole;
    await (await import(script)).default({ module_or_path: module });
  } catch (error) {
    download = null;
    if (workers) renew();
    throw error;
  }
  if (workers) keep(program);
}

function begin(program, priority) {
  const files = document.querySelector(`meta[name="relais-program"][content="${program}"]`).dataset;
  const cut = new AbortController();
  const how = { priority, signal: cut.signal };
  const counted = [new Counted(files.script, files.scriptBytes), new Counted(files.wasm, files.wasmBytes)];
  let listener = later;

  function told() {
    const total = sum(counted, (file) => file.line_bytes);
    // Unknown until each file has begun to come.
    if (total > 0) listener(sum(counted, (file) => file.line_received()), total);
  }

  async function come() {
    if (await is_kept(files.wasm)) {
      // As it is: only then does the browser find what it compiled the last time.
      return [files.script, await WebAssembly.compileStreaming(fetch(files.wasm))];
    }
    const [script, wasm] = counted.map((file) => file.fetch(how, told));
    // Compiled while it comes. The script waits in the browser's cache until it is imported.
    const [, module] = await Promise.all([
      script.then((response) => response.arrayBuffer()),
      WebAssembly.compileStreaming(wasm),
    ]);
    return [files.script, module];
  }

  const begun = {
    program,
    whole: come(),
    abort: () => cut.abort(),
    listen(on_bytes) {
      listener = on_bytes;
      told();
    },
  };
  // One that was fetched ahead may fail unheard: whoever starts it begins again.
  begun.whole.catch(() => { if (download === begun) download = null; });
  return begun;
}

/* A file whose bytes are counted while they come.

   A page sees the bytes only after the browser has unpacked them, but knows how many there will be: the build writes it
   down. How many cross the line the server says, in Content-Length. So the share that has come is exact in unpacked
   bytes, and what is shown is that share of the bytes on the line: right at both ends, and in between as even as the
   compression is. Where a proxy hides the length, the unpacked bytes are shown. */
class Counted {
  constructor(url, whole_bytes) {
    this.url = url;
    this.whole_bytes = Number(whole_bytes);
    this.received = 0;
    this.line_bytes = NaN;
  }

  async fetch(how, told) {
    const response = await fetch(this.url, how);
    const type = response.headers.get("content-type") || "";
    // A network's own page answers 200 too.
    if (!response.ok || !/javascript|^application\/wasm/.test(type)) throw new Error(`${this.url}: ${response.status} ${type}`);
    this.line_bytes = Number(response.headers.get("content-length")) || this.whole_bytes;
    told();
    const reader = response.body.getReader();
    const counting = new ReadableStream({
      pull: async (controller) => {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        this.received += value.byteLength;
        controller.enqueue(value);
        told();
      },
      cancel: (reason) => reader.cancel(reason),
    });
    return new Response(counting, { headers: { "content-type": type } });
  }

  line_received() {
    return this.line_bytes * Math.min(1, this.received / this.whole_bytes);
  }
}

function sum(files, bytes) {
  return files.reduce((all, file) => all + bytes(file), 0);
}

async function is_kept(url) {
  try {
    return !!workers.controller && !!(await caches.match(url));
  } catch (refused) {
    return false;
  }
}

/* Keeping, and new versions. */

function announce(name) {
  window.dispatchEvent(new Event(`relais:${name}`));
}

/* Calls `look` now and whenever a new version has come further. The browser may have begun to fetch one by itself. */
function follow(registration, look) {
  function listen() {
    if (registration.installing) registration.installing.addEventListener("statechange", look);
  }
  registration.addEventListener("updatefound", listen);
  listen();
  look();
}

/* After the program, never beside it: on a thin line the two would only slow each other. */
function keep(program) {
  let agreed = false;

  function watch(registration) {
    function look() {
      if (!registration.waiting || !workers.controller) return;
      root.setAttribute("data-update", "ready");
      announce("update");
    }
    follow(registration, look);
    window.addEventListener("relais:install", () => {
      if (!registration.waiting) return;
      agreed = true;
      registration.waiting.postMessage({ type: "install-update" });
    });
    let looked = Date.now();
    function check() {
      looked = Date.now();
      registration.update().catch(later);
    }
    window.addEventListener("relais:check", check);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && Date.now() - looked > CHECK_AFTER) check();
    });
    window.addEventListener("offline", () => registration.sync && registration.sync.register("wake").catch(later));
  }

  workers.addEventListener("controllerchange", () => { if (agreed) location.reload(); });
  workers.addEventListener("message", (event) => { if (event.data.type === "wake") announce("wake"); });
  workers.ready.then((registration) => {
    const answer = new MessageChannel();
    answer.port1.onmessage = () => root.setAttribute("data-shell", "kept");
    registration.active.postMessage({ type: "keep-program", program }, [answer.port2]);
  });
  workers.register("/service_worker.js", { updateViaCache: "none" }).then(watch, later);
}

/* The page that is kept may name a program that the server no longer has. Nothing runs here that a new version could
   disturb, so it is not waited for. */
async function renew() {
  try {
    const registration = await workers.getRegistration();
    if (!registration) return;
    workers.addEventListener("controllerchange", () => location.reload());
    follow(registration, () => registration.waiting && registration.waiting.postMessage({ type: "install-update" }));
    await registration.update();
  } catch (unreached) {
    later();
  }
}
