// Writes one byte more than the quota into a database of its own and takes it away again.
// Runs as the body of a function; argument: the quota in bytes. Answers whether it was refused.
const NAME = 'relais-quota-probe';
const bytes = new Uint8Array(arguments[0] + 1);
const SLICE = 65536; // as much as one call gives
for (let at = 0; at < bytes.length; at += SLICE) crypto.getRandomValues(bytes.subarray(at, at + SLICE));
return new Promise(answer => {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('bytes');
  opening.onerror = () => answer(opening.error.name === 'QuotaExceededError' || opening.error.name);
  opening.onsuccess = () => {
    const database = opening.result;
    const finish = refused => {
      database.close();
      indexedDB.deleteDatabase(NAME).onsuccess = () => answer(refused);
    };
    const writing = database.transaction('bytes', 'readwrite');
    writing.oncomplete = () => finish(false);
    writing.onabort = () => finish(writing.error?.name === 'QuotaExceededError' || writing.error?.name);
    writing.objectStore('bytes').put(bytes, 1);
  };
});
