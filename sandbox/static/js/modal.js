// Forms: the view on top of a person's stack, over their own side of the page and no other.
import { all, columnOf, composerOf, find, part, partOf, post } from "./page.js";
import { restore, stateOf } from "./values.js";

const slotOf = (column) => partOf(column, "dialog");

export function startModal() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.modal")) return;
    event.preventDefault();
    submit(event.target);
  });
  document.addEventListener("keydown", (event) => {
    const slot = event.key === "Escape" && document.activeElement?.closest("dialog[data-modal]");
    if (slot && !event.defaultPrevented) {
      event.preventDefault();
      close(columnOf(slot));
    }
  });
  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close-modal]");
    if (closer) close(columnOf(closer));
  });
}

export async function refreshModal(column) {
  const slot = slotOf(column);
  const html = await part("modal", column);
  if (html === null) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = html.trim();
  const after = find("form", fresh.content);
  if (!after) return hide(column);
  const before = find("form", slot);
  const sameView = before?.dataset.viewId === after.dataset.viewId;
  if (sameView && before.dataset.hash === after.dataset.hash) return;
  const typed = sameView ? stateOf(before) : {};
  const focused = document.activeElement;
  slot.replaceChildren(after);
  restore(after, typed);
  if (!slot.open) slot.show();
  const isOurs = focused === document.body || columnOf(focused) === column;
  partOf(column, ".column-body").inert = true;
  if (!isOurs) return focused.focus();
  const first = find("[autofocus]", after) ?? find(".modal-body :is(input, textarea, select)", after);
  ((sameView && document.getElementById(focused.id)) || first || after.querySelector("button")).focus();
}

function hide(column) {
  const slot = slotOf(column);
  if (!slot.open) return;
  const hadFocus = slot.contains(document.activeElement);
  slot.replaceChildren();
  slot.close();
  partOf(column, ".column-body").inert = false;
  if (hadFocus) composerOf(column)?.focus({ preventScroll: true });
}

async function submit(form) {
  const column = columnOf(form);
  const button = find('[type="submit"]', form);
  button.disabled = true;
  const said = await post("/control/submit", { view_id: form.dataset.viewId, state: stateOf(form) }, column);
  button.disabled = false;
  if (said) showErrors(form, said);
  await refreshModal(column);
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

async function close(column) {
  const form = find("form", slotOf(column));
  hide(column);
  if (form) await post("/control/close", { view_id: form.dataset.viewId }, column);
  await refreshModal(column);
}
