// Keeps the title in IndexedDB at every key, and says what it kept.
const say = (id, words) => { document.getElementById(id).textContent = words; };
const title = document.getElementById('title');

const opening = indexedDB.open('form', 1);
opening.onupgradeneeded = () => opening.result.createObjectStore('fields');
opening.onsuccess = () => {
  const database = opening.result;
  database.transaction('fields').objectStore('fields').get('title').onsuccess = ({ target }) =>
    say('kept', `Found: ${target.result ?? 'nothing'}.`);
  title.oninput = () => {
    const { value } = title;
    const writing = database.transaction('fields', 'readwrite', { durability: 'strict' });
    writing.objectStore('fields').put(value, 'title');
    writing.oncomplete = () => say('kept', `Kept: ${value}.`);
    writing.onabort = () => say('kept', `Not kept: ${writing.error.name}.`);
  };
};

for (const button of document.querySelectorAll('.say')) {
  button.onclick = () => say('said', `Said ${button.value}.`);
}

// Once directly and once through the worker, which answers itself when it is cut off.
document.getElementById('ask').onclick = async () => {
  say('link', 'Asking…');
  const direct = await fetch('/live').then(reply => reply.text(), () => 'cut');
  const worker = await fetch('/through-worker').then(reply => reply.text(), () => 'cut');
  say('link', `Page ${direct}, worker ${worker}.`);
};

navigator.serviceWorker.register('/worker.js');
navigator.serviceWorker.ready.then(() => {
  const controlled = () => say('worker', 'Worker ready.');
  if (navigator.serviceWorker.controller) return controlled();
  navigator.serviceWorker.oncontrollerchange = controlled;
});
