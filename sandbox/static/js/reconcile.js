// Brings a list up to date: only the items that changed are replaced, so that focus and open menus stay.

/** Makes the children of `list` those of the HTML, matched by data-key and compared by data-version. */
export function reconcile(list, html) {
  const known = new Map([...list.children].map((item) => [item.dataset.key, item]));
  keepingFocus(() => {
    let place = list.firstElementChild;
    for (const item of itemsOf(html)) {
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
  });
}

/** Brings only some messages up to date: what the HTML lacks of them is gone, what the list lacks is new at its end. */
export function reconcileSome(list, html, some) {
  const of = (key) => findFromEnd(list, key);
  keepingFocus(() => {
    const gone = new Set(some);
    for (const item of itemsOf(html)) {
      gone.delete(item.dataset.key);
      const old = of(item.dataset.key);
      if (old && old.dataset.version === item.dataset.version) continue;
      if (old) old.replaceWith(item);
      else {
        item.classList.add("arrived");
        list.append(item);
      }
    }
    for (const key of gone) {
      of(key)?.remove();
      of(`day-${key}`)?.remove();
    }
    if (list.childElementCount === 2) of("empty")?.remove();
  });
}

/** News is mostly about the latest messages. */
function findFromEnd(list, key) {
  for (let item = list.lastElementChild; item; item = item.previousElementSibling) if (item.dataset.key === key) return item;
  return null;
}

function itemsOf(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  return [...fresh.content.children];
}

function keepingFocus(change) {
  const focused = document.activeElement?.id;
  change();
  if (focused && !document.activeElement?.id) document.getElementById(focused)?.focus();
}
