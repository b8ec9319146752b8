// What every other script needs: the columns of the page, asking the server, and a word to the visitor.
export const find = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// With thousands of messages on a page, looking through all of it is slow: these go straight to the place.
export const columns = () => [...find("main.columns").children];
/** A direct part of a column: its body, dialog, thread or directory. */
export const partOf = (column, selector) =>
  [...column.children, ...column.firstElementChild.children].find((each) => each.matches(selector));
/** The message box of a column that is on the page; null where nothing can be written. */
export const composerOf = (column) => document.getElementById(`composer-${column.dataset.side}`);
export const columnOf = (element) => element?.closest(".column") ?? columns()[0];
/** False for the side that a narrow screen hides. */
export const isShown = (column) => column.getClientRects().length > 0;

/** The HTML of one part of the page, or of a column of it, as the server draws it now. */
export async function part(name, column = columns()[0], query = {}) {
  const { handle, channel, limit, side } = column.dataset;
  const address = new URLSearchParams({ as: handle, c: channel, limit, side, ...query });
  const answer = await fetch(`/part/${name}?${address}`).catch(() => null);
  return answer?.ok ? answer.text() : null;
}

/** Posts JSON as the person of a column, and gives the answer; a refusal is told to the visitor and gives null. */
export async function post(path, body, column = columns()[0]) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: column.dataset.user, ...body }),
  }).catch(() => null);
  if (answer === null) return tell("The sandbox does not answer. Is it still running?");
  const said = await answer.json();
  return answer.ok ? said : tell(said.error ?? `The sandbox answered ${answer.status}.`);
}

/** Shows a sentence for a few seconds. */
export function tell(sentence) {
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = sentence;
  find("#toasts").append(toast);
  setTimeout(() => toast.remove(), 6000);
  return null;
}
