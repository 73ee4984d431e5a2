// Keeps what the page consists of, so that it opens without a network. What the server hands out
// goes before what is kept: nobody sees an old version.
const KEPT = 'kanwu';
const FILES = ['./', 'style.css', 'main.js', 'worker.js', 'kanwu_web.js', 'kanwu_web_bg.wasm', 'zh.model.xz', 'example.txt'];

addEventListener('install', (event) => event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES))));
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  if (event.request.method === 'GET' && new URL(event.request.url).origin === location.origin) {
    event.respondWith(answer(event.request));
  }
});

async function answer(request) {
  const kept = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    if (response.ok) await kept.put(request, response.clone());
    return response;
  } catch (error) {
    const response = await kept.match(request);
    if (response) return response;
    throw error;
  }
}
