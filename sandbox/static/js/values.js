// Reading and restoring what stands in the controls of a form.
import { all, find } from "./page.js";

const LISTS = /^(multi_|checkboxes)/;

/** What a control holds: a list for those that take several, else a text. */
export function valueOf(control) {
  const kind = control.dataset.control;
  if (LISTS.test(kind)) return all("input:checked", control).map((input) => input.value);
  if (kind === "external_select") return chosenOption(find("select", control));
  if (kind === "radio_buttons") return find("input:checked", control)?.value ?? "";
  return find("input:not([type=search]), select, textarea", control)?.value ?? "";
}

/** What the app offered is given back to it whole: nobody but the app knows its options. */
function chosenOption(select) {
  const offered = select.selectedOptions[0]?.dataset.option;
  return offered ? { selected_option: JSON.parse(offered) } : select.value;
}

/** Everything in a form, by block_id and action_id. */
export function stateOf(form) {
  const state = {};
  for (const control of all("[data-control]", form)) {
    if (["button", "overflow"].includes(control.dataset.control)) continue;
    (state[control.dataset.blockId] ??= {})[control.dataset.actionId] = valueOf(control);
  }
  return state;
}

/** Puts values back where block_id and action_id are still the same, as Slack does when a view is updated. */
export function restore(form, state) {
  for (const control of all("[data-control]", form)) {
    const value = state[control.dataset.blockId]?.[control.dataset.actionId];
    if (value === undefined) continue;
    const inputs = all("input[type=checkbox], input[type=radio]", control);
    if (inputs.length) for (const input of inputs) input.checked = [value].flat().includes(input.value);
    else if (control.dataset.control !== "external_select") {
      const input = find("input, select, textarea", control);
      if (input) input.value = value;
    }
  }
}
