// What every other script needs: who and where we are, asking the server, and a word to the visitor.
export const here = document.body.dataset;

export const find = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** The HTML of one part of the page, as the server draws it now. */
export async function part(name, query = {}) {
  const address = new URLSearchParams({ as: here.handle, c: here.channel, limit: here.limit, ...query });
  const answer = await fetch(`/part/${name}?${address}`);
  return answer.ok ? answer.text() : "";
}

/** Posts JSON and gives the answer; a refusal is told to the visitor and gives null. */
export async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: here.user, ...body }),
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
