// A thread beside the messages of its column.
import { columnOf, composerOf, find, part, partOf } from "./page.js";
import { reconcile } from "./reconcile.js";

export function startThread() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-thread]");
    if (opener) open(columnOf(opener), opener.dataset.openThread);
    const closer = event.target.closest("[data-close-thread]");
    if (closer) close(columnOf(closer));
  });
}

const paneOf = (column) => partOf(column, ".thread");

export const threadShown = (column, channel, ts) =>
  !paneOf(column).hidden && channel === column.dataset.channel && ts === paneOf(column).dataset.ts;

export async function refreshThread(column) {
  const pane = paneOf(column);
  if (pane.hidden) return;
  const html = await part("thread", column, { ts: pane.dataset.ts });
  if (html === null) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const list = find('[data-list="thread"]', pane);
  reconcile(list, find('[data-list="thread"]', fresh.content).innerHTML);
  list.scrollTop = list.scrollHeight;
}

async function open(column, ts) {
  const pane = paneOf(column);
  pane.dataset.ts = ts;
  pane.innerHTML = (await part("thread", column, { ts })) ?? "";
  pane.hidden = false;
  find("textarea", pane)?.focus();
}

function close(column) {
  paneOf(column).hidden = true;
  paneOf(column).replaceChildren();
  composerOf(column)?.focus();
}
