// Opens the report form without a line: the page of the form and the files it names, nothing of any report.
const STORE = "lapor-form-1";
const FORM = "/lapor/buat";
const FILE = /\.(?:css|js|svg)$/;

// What a page of the form needs beside itself, as whole addresses.
const named = (html) =>
  [...html.matchAll(/(?:src|href)="([^"#]+)"/g)]
    .map(([, path]) => new URL(path.replaceAll("&amp;", "&"), location.origin))
    .filter((url) => url.origin === location.origin && FILE.test(url.pathname))
    .map((url) => url.href);

// The newest form and its files in, those of an older one out.
const keep = async (answer) => {
  const page = answer ?? (await fetch(FORM, { cache: "reload" }));
  if (!page.ok || page.redirected) return;
  const needed = named(await page.clone().text());
  const store = await caches.open(STORE);
  await Promise.all(needed.map(async (url) => (await store.match(url)) ?? store.add(url)));
  await store.put(FORM, page);
  for (const { url } of await store.keys()) {
    if (!needed.includes(url) && new URL(url).pathname !== FORM) await store.delete(url);
  }
};

const form = async (event) => {
  try {
    const answer = await fetch(event.request);
    if (!new URL(event.request.url).search) event.waitUntil(keep(answer.clone()).catch(() => {}));
    return answer;
  } catch (error) {
    const kept = await caches.match(FORM);
    if (!kept) throw error;
    return kept;
  }
};

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keep());
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === FORM) event.respondWith(form(event));
  else if (FILE.test(url.pathname)) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});
