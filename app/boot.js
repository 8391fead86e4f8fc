// Wakes a page's islands. Named only by pages that have one; the addresses of glue and wasm, with
// their hashes, stand on the script tag itself.
const { js, wasm } = document.querySelector('script[data-wasm]').dataset;
const bytes = fetch(wasm); // on its way while the glue is read
const glue = await import(js);
await glue.default({ module_or_path: bytes });
glue.hydrate();

// From the outside in: an island inside another one's children finds that one's context, which
// `$$on_hydrate` of the children's element brings back.
async function wake(element, restore) {
  if (element.localName === 'leptos-island') {
    const island = glue[element.dataset.component];
    restore?.();
    if (island) await island(element);
    else console.error(`no island ${element.dataset.component}: page and wasm are of two builds`);
  } else if (element.localName === 'leptos-children') {
    restore = element.$$on_hydrate;
  }
  for (const child of element.children) await wake(child, restore);
}
await wake(document.body);

// Only pages that carry script anyway ask for it; where it is not to be had, nothing is lost.
navigator.serviceWorker?.register('/offline.js').catch(() => {});
