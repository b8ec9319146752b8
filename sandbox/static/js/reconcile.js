// Brings a list up to date: only the items that changed are replaced, so that focus and open menus stay.
// A long list is made of stretches, each a list of some messages, so that the browser lays out those in sight alone.

const STRETCH = 50; // messages in a stretch, as parts/list.html has it

/** Makes the items of `list` those of the HTML, matched by data-key and compared by data-version. */
export function reconcile(list, html) {
  keepingFocus(() => {
    const known = byKey(list.children);
    put(list, itemsOf(html), known);
    for (const gone of known.values()) gone.remove();
  });
}

/** The same for a list of stretches. */
export function reconcileStretches(list, html) {
  keepingFocus(() => {
    const known = byKey(list.querySelectorAll(":scope > * > *"));
    const fresh = itemsOf(html);
    while (list.childElementCount < fresh.length) list.append(emptyStretch());
    fresh.forEach((stretch, place) => put(list.children[place], [...stretch.children], known));
    for (const gone of known.values()) gone.remove();
    while (list.childElementCount > fresh.length) list.lastElementChild.remove();
  });
}

/** Puts items into a list one after the other, and takes them off `known`: the same one where it is up to date. */
function put(list, items, known) {
  let place = list.firstElementChild;
  for (const item of items) {
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
        of("empty")?.remove();
        item.classList.add("arrived");
        stretchWithRoom(list).append(item);
      }
    }
    for (const key of gone) {
      of(key)?.remove();
      of(`day-${key}`)?.remove();
    }
  });
}

function stretchWithRoom(list) {
  if (list.lastElementChild.childElementCount >= STRETCH) list.append(emptyStretch());
  return list.lastElementChild;
}

function emptyStretch() {
  const stretch = document.createElement("ol");
  stretch.className = "stretch";
  return stretch;
}

/** News is mostly about the latest messages. */
function findFromEnd(list, key) {
  for (let stretch = list.lastElementChild; stretch; stretch = stretch.previousElementSibling) {
    for (let item = stretch.lastElementChild; item; item = item.previousElementSibling) if (item.dataset.key === key) return item;
  }
  return null;
}

const byKey = (items) => new Map([...items].map((item) => [item.dataset.key, item]));

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
