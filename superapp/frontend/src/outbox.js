// What outlives the page on this device: photos of a draft, and reports that wait for a signal.
// Texts of a draft lie in localStorage; files only fit here. Nothing is kept once it was sent.

const run = async (mode, deed) => {
  const opened = await new Promise((done, fail) => {
    const call = indexedDB.open("lapor", 1);
    call.onupgradeneeded = () => ["files", "outbox"].forEach((name) => call.result.createObjectStore(name));
    call.onsuccess = () => done(call.result);
    call.onerror = () => fail(call.error);
  });
  try {
    return await new Promise((done, fail) => {
      const change = opened.transaction(["files", "outbox"], mode);
      const call = deed(change.objectStore("files"), change.objectStore("outbox"));
      change.oncomplete = () => done(call.result);
      change.onabort = () => fail(change.error);
    });
  } finally {
    opened.close();
  }
};
// Private windows and full disks refuse: then the page is all there is, as before.
const calmly = (promise, otherwise) => promise.catch(() => otherwise);

/** Files of a draft: { photos: [File], answers: { name: [File] } }. */
export const keepFiles = (key, files) => calmly(run("readwrite", (store) => store.put(files, key)));
export const keptFiles = async (key) => (await calmly(run("readonly", (store) => store.get(key)))) ?? { photos: [], answers: {} };
export const dropFiles = (key) => calmly(run("readwrite", (store) => store.delete(key)));

/** Reports to be sent: { action, pairs: [[name, text or File]], at } by their key; true when it is kept. */
export const put = (key, report) => calmly(run("readwrite", (_files, store) => store.put(report, key)).then(() => true), false);
export const take = (key) => calmly(run("readwrite", (_files, store) => store.delete(key)));
export const waiting = async () => {
  const [keys, reports] = [await calmly(run("readonly", (_f, store) => store.getAllKeys()), []), await calmly(run("readonly", (_f, store) => store.getAll()), [])];
  return keys.map((key, index) => ({ key, ...reports[index] }));
};
