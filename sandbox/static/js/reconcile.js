// Brings a list up to date: only the items that changed are replaced, so that focus and open menus stay.

/** Makes the children of `list` those of the HTML, matched by data-key and compared by data-version. */
export function reconcile(list, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const known = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const focused = document.activeElement?.id;
  let place = list.firstElementChild;
  for (const item of [...fresh.content.children]) {
    const old = known.get(item.dataset.key);
    known.delete(item.dataset.key);
    const same = old && old.dataset.version === item.dataset.version;
    const kept = same ? old : item;
    if (!old) item.classList.add("arrived");
    if (old && !same) {
      if (place === old) place = old.nextElementSibling;
      old.remove();
    }
    if (kept === place) place = place.nextElementSibling;
    else list.insertBefore(kept, place);
  }
  for (const gone of known.values()) gone.remove();
  if (focused && !document.activeElement?.id) document.getElementById(focused)?.focus();
}
