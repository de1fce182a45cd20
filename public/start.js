/* What opens first, at every address: the program of whoever is here, or signing in. Signing in needs no program; that
   of the person comes meanwhile (program.js) and takes over at the page that was asked for. Knows nothing of
   documents, and holds no words of its own: they stand in index.html.

   Hints in localStorage, as app/src/session/remembered.rs has them: relais.person is a number, "0" for nobody,
   relais.program the name of a program. They only choose what is opened; what may be shown the program decides itself.
   For the program, on <html>:          data-signed-in    who has just signed in, as the server said it
   Events on window, from the program:  relais:drawn      it stands on the page now
                                        relais:stopped    it has panicked */

const SESSION = "/api/v1/session";
/* The roles that work in the office's program; whoever has another has the portal. */
const OFFICE_ROLES = ["project_officer", "programme_manager", "committee_member", "auditor", "admin"];
const LANGUAGES = ["fr", "en"];
/* The smallest module with a reference type: what the compiled programs cannot do without. */
const NEEDED = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 1, 111, 0];
/* So long nothing is said of a slow answer, and so long it is waited for; on a slow line a cut means sending again. */
const SLOW_MS = 4000;
const ANSWER_MS_MAX = 180000;
/* How often a screen reader is told of the progress: at each quarter. */
const TOLD_PARTS = 4;
const NUMBERS = { useGrouping: true, maximumFractionDigits: 0 };

const root = document.documentElement;
const first = part("first");
const here = location.pathname + location.search + location.hash;
const asks_to_sign_in = location.pathname === "/sign-in";
const next = asks_to_sign_in ? own(new URLSearchParams(location.search).get("next")) : here;

function part(id) {
  return document.getElementById(id);
}

/* What a browser keeps nothing of is as if it had never been there. */
function kept(name) {
  try {
    return (localStorage.getItem(`relais.${name}`) || "").replace(/"/g, "");
  } catch (refused) {
    return "";
  }
}

/* Where there is no room for a hint the old one must go: it would name somebody else. */
function keep(name, value) {
  try {
    localStorage.setItem(`relais.${name}`, value);
  } catch (full) {
    try {
      localStorage.removeItem(`relais.${name}`);
    } catch (refused) {
      // Then no hint was there either.
    }
  }
}

/* Only a page of this portal: a browser takes "//else.where" and "/\else.where" for other servers. */
function own(address) {
  if (!/^\/(?![/\\])/.test(address || "")) return "/";
  try {
    const url = new URL(address, location.origin);
    const ours = url.origin === location.origin && url.pathname !== "/sign-in";
    return ours ? url.pathname + url.search + url.hash : "/";
  } catch (unreadable) {
    return "/";
  }
}

function browser_is_able() {
  try {
    return !!window.indexedDB && WebAssembly.validate(new Uint8Array(NEEDED));
  } catch (missing) {
    return false;
  }
}

/* Browsers write the hints some seconds late. One that was killed before has the documents, and their store knows. */
async function somebody_may_be_here() {
  if (kept("person")) return kept("person") !== "0";
  try {
    return (await indexedDB.databases()).some(({ name }) => name.startsWith("relais-"));
  } catch (unknown) {
    return false;
  }
}

/* What this person or, while that is not known, most people start. */
function likely_program() {
  return kept("program") || (/^\/inbox(\/|$)/.test(next) ? "office" : "portal");
}

/* Words. */

function translate(within) {
  for (const one of within.querySelectorAll("[data-en]")) {
    if (one.dataset.fr === undefined) one.dataset.fr = one.textContent;
    one.textContent = one.dataset[root.lang] || one.dataset.fr;
  }
}

function speak(language) {
  root.lang = language;
  translate(first);
  for (const button of part("first-switch").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.lang === language));
  }
  if (!part("first-sign-in").hidden) document.title = `${part("first-sign-in").querySelector("h1").textContent} · Relais`;
  show_bytes();
}

function first_language() {
  const wished = kept("lang") || navigator.language || "";
  return LANGUAGES.find((language) => wished.startsWith(language)) || LANGUAGES[0];
}

function choose(language) {
  keep("lang", language);
  speak(language);
}

/* Shows one of the things that can stand here. */
function show(id) {
  for (const other of first.querySelectorAll("main > [id]")) other.hidden = other.id !== id;
  part("first-switch").hidden = id === "first-old";
  speak(root.lang);
}

/* Signing in. */

/* A person who left without a network is still signed in at the server. Settled, one way or the other, before anybody
   signs in: the answer takes the cookie away. */
let left = Promise.resolve();

function ask_to_sign_in() {
  if (kept("person") === "0") left = call("DELETE").then(({ said }) => said === "no-network" && tell("no-network"));
  const back = part("first-back");
  back.hidden = !(asks_to_sign_in && Number(kept("person")) > 0);
  back.querySelector("a").href = next;
  show("first-sign-in");
  if (!navigator.onLine) tell("no-network");
}

/* Says what came of it; `words` are the server's own. Nothing said takes away what was. */
function tell(outcome, words) {
  const id = outcome && `told-${outcome}`;
  if (words) {
    Object.assign(part(id).dataset, { fr: words.fr, en: words.en });
    speak(root.lang);
  }
  for (const one of part("told").querySelectorAll("b")) one.hidden = one.id !== id;
  part("told").hidden = !outcome;
}

function mark(fields) {
  for (const field of [part("login"), part("password")]) {
    const wrong = fields.includes(field);
    // Only then: hidden, all that could be said would be read out.
    for (const [name, value] of [["aria-invalid", "true"], ["aria-describedby", "told"]]) {
      if (wrong) field.setAttribute(name, value);
      else field.removeAttribute(name);
    }
  }
  if (fields.length) fields[0].focus();
}

let waiting = false;

async function sign_in(event) {
  event.preventDefault();
  if (waiting) return;
  const [login, password] = [part("login"), part("password")];
  const empty = [login, password].filter((field) => !field.value.trim());
  tell(empty.length ? "empty" : "");
  mark(empty);
  if (empty.length) return;
  waiting = true;
  part("sign-in").setAttribute("aria-disabled", "true");
  const slow = setTimeout(() => { part("told-slow").hidden = false; }, SLOW_MS);
  await left;
  tell("");
  const device_label = name_of_this_device();
  const answer = await call("POST", { login: login.value.trim(), password: password.value, device_label });
  clearTimeout(slow);
  part("told-slow").hidden = true;
  part("sign-in").removeAttribute("aria-disabled");
  waiting = false;
  if (answer.who) return welcome(answer.who);
  tell(answer.said, answer.words);
  // A name or password that is wrong is put right in its field; all else is tried again where the person is.
  mark(answer.said === "refused" ? [login, password] : []);
}

/* Calls the server, and tells its answer from everything else that answers in its name, by the rules of
   app/src/sync/answer.rs. */
async function call(method, body) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ANSWER_MS_MAX);
  try {
    const response = await fetch(SESSION, {
      method,
      headers: { "x-relais": "1", "content-type": "application/json" },
      body: body && JSON.stringify(body),
      cache: "no-store",
      // Followed, a network's redirect to its sign-in page would look like a success.
      redirect: "manual",
      signal: patience.signal,
    });
    return read(response, await response.text());
  } catch (unreached) {
    return { said: "no-network" };
  } finally {
    clearTimeout(timer);
  }
}

function read(response, text) {
  const is_json = /^application\/json\s*(;|$)/i.test(response.headers.get("content-type") || "");
  const answer = is_json ? parsed(text) : null;
  if (response.ok) {
    return answer && Number.isInteger(answer.person) && typeof answer.role === "string" ? { who: answer } : { said: "impostor" };
  }
  const refusal = answer && answer.error;
  const words = refusal && refusal.message;
  if (words && typeof words.fr === "string" && typeof words.en === "string") {
    return refusal.code === "wrong_credentials" ? { said: "refused" } : { said: "by-server", words };
  }
  // A proxy in front of a server that is being restarted says so in its own words.
  return { said: [500, 502, 503, 504].includes(response.status) ? "busy" : "impostor" };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (unreadable) {
    return null;
  }
}

/* What this browser calls itself, for the list of open sessions. */
function name_of_this_device() {
  const found = (names) => names.find((name) => navigator.userAgent.includes(name)) || "";
  const program = found(["Firefox", "Edg", "Chrome", "Safari"]);
  return `${program} ${found(["Android", "iPhone", "Windows", "Mac", "Linux"])}`.trim();
}

/* Lets somebody in whom the server knows. The hints stand before the program starts: a record of another person on this
   device is nobody's from here on. */
function welcome(who) {
  const before = Number(kept("person"));
  const program = OFFICE_ROLES.includes(who.role) ? "office" : "portal";
  keep("person", String(who.person));
  keep("program", program);
  root.setAttribute("data-signed-in", JSON.stringify(who));
  part("password").value = "";
  // The page that was left belongs to whoever left it.
  history.replaceState(null, "", before > 0 && before !== who.person ? "/" : next);
  open_aloud(program);
}

/* The program. */

/* Not before somebody needs a program: the form does without. */
function programs() {
  return import("/program.js");
}

/* `quietly`: kept on this device it is there before anything could be read, so at first nothing is said. */
async function open_program(program, quietly) {
  part("first-opening").classList.toggle("late", quietly);
  bytes = null;
  show("first-opening");
  try {
    await (await programs()).start(program, on_bytes);
  } catch (error) {
    console.error(error);
    if (error instanceof WebAssembly.RuntimeError) stopped();
    else {
      show("first-cut");
      part("again").onclick = () => open_aloud(program);
      part("again").focus();
    }
  }
}

function open_aloud(program) {
  open_program(program, false);
  part("opening").focus();
}

let bytes = null;
let told_part = 0;

function on_bytes(received, total) {
  part("first-opening").classList.remove("late");
  bytes = { received, total };
  show_bytes();
}

function show_bytes() {
  const [bar, line] = [part("bytes"), part("kilobytes")];
  line.hidden = !bytes;
  if (!bytes) {
    told_part = 0;
    return bar.removeAttribute("value");
  }
  bar.value = bytes.received / bytes.total;
  const number = (count) => new Intl.NumberFormat(root.lang, NUMBERS).format(count / 1000);
  const words = line.dataset[root.lang];
  line.textContent = words.replace("{received}", number(bytes.received)).replace("{total}", number(bytes.total));
  const now = Math.floor(bar.value * TOLD_PARTS);
  if (now !== told_part) {
    told_part = now;
    part("kilobytes-told").textContent = line.textContent;
  }
}

/* Once somebody types a name, a program will be needed: the likelier one comes while they go on. */
function fetch_ahead() {
  programs().then(({ fetch_ahead }) => fetch_ahead(likely_program())).catch(() => {});
}

/* A panic tells itself; what goes wrong without one (no memory, no stack) the browser tells. */
function stopped() {
  translate(part("first-stopped"));
  part("first-stopped").hidden = false;
}

function is_end(error) {
  if (error instanceof WebAssembly.RuntimeError) stopped();
}

function start() {
  // Before the first paint, so that a chosen theme does not flash.
  if (kept("theme")) root.setAttribute("data-theme", kept("theme"));
  root.lang = first_language();
  if (!browser_is_able()) return show("first-old");
  for (const button of part("first-switch").querySelectorAll("button")) button.onclick = () => choose(button.lang);
  const form = part("first-sign-in").querySelector("form");
  form.addEventListener("submit", sign_in);
  form.addEventListener("input", fetch_ahead, { once: true });
  addEventListener("online", () => { if (first.isConnected && !part("told-no-network").hidden) tell(""); });
  addEventListener("relais:drawn", () => first.remove(), { once: true });
  addEventListener("relais:stopped", stopped);
  addEventListener("error", (event) => is_end(event.error));
  addEventListener("unhandledrejection", (event) => is_end(event.reason));
  part("reload").onclick = () => location.reload();
  if (asks_to_sign_in) return ask_to_sign_in();
  somebody_may_be_here().then((somebody) => somebody ? open_program(likely_program(), true) : ask_to_sign_in());
}

start();
