// The modal on top of the stack: shown, submitted, closed, and drawn anew when the app changes it.
import { all, find, part, post } from "./page.js";
import { restore, stateOf } from "./values.js";

const dialog = find("#modal");

export function startModal() {
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(event.target);
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-modal]")) close();
  });
  return refreshModal();
}

export async function refreshModal() {
  const before = find("form", dialog);
  const html = await part("modal");
  const fresh = document.createElement("template");
  fresh.innerHTML = html.trim();
  const after = find("form", fresh.content);
  if (!after) {
    dialog.replaceChildren();
    if (dialog.open) dialog.close();
    return;
  }
  const sameView = before?.dataset.viewId === after.dataset.viewId;
  if (sameView && before.dataset.hash === after.dataset.hash) return;
  const typed = sameView ? stateOf(before) : {};
  const focused = document.activeElement?.id;
  dialog.replaceChildren(after);
  restore(after, typed);
  if (!dialog.open) dialog.showModal();
  const first = find("[autofocus]", after) ?? find(".modal-body :is(input, textarea, select)", after);
  ((sameView && document.getElementById(focused)) || first || after.querySelector("button")).focus();
}

async function submit(form) {
  const button = find('[type="submit"]', form);
  button.disabled = true;
  const said = await post("/control/submit", { view_id: form.dataset.viewId, state: stateOf(form) });
  button.disabled = false;
  if (said) showErrors(form, said);
  await refreshModal();
}

function showErrors(form, said) {
  const problem = find(".problem", form);
  problem.hidden = !said.problem;
  problem.textContent = said.problem ?? "";
  for (const field of all(".field", form)) {
    const sentence = said.errors?.[field.dataset.field];
    const place = find(".field-error", field);
    field.classList.toggle("invalid", Boolean(sentence));
    place.hidden = !sentence;
    place.textContent = sentence ?? "";
    for (const input of all("input, select, textarea", field)) input.setAttribute("aria-invalid", Boolean(sentence));
  }
  find(".invalid :is(input, select, textarea)", form)?.focus();
}

async function close() {
  const form = find("form", dialog);
  dialog.replaceChildren();
  dialog.close();
  if (form) await post("/control/close", { view_id: form.dataset.viewId });
  await refreshModal();
}
