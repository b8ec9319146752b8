// Buttons, choices and pickers in messages, in the home tab and in modals.
import { all, columnOf, columns, find, post, tell } from "./page.js";
import { show } from "./columns.js";
import { stateOf, valueOf } from "./values.js";

export function startActions() {
  document.addEventListener("click", (event) => {
    const press = event.target.closest("[data-press]");
    if (press) use(press.closest("[data-control]"), press.dataset.value);
    const story = event.target.closest("[data-story]");
    if (story) tellStory(story.dataset.story, story.dataset.name);
    const steer = event.target.closest("[data-steer]");
    if (steer) fetch("/control/story", { method: "PATCH", body: steer.dataset.steer });
    const words = event.target.closest("[data-say]");
    if (words) post("/page/say", { channel: columns()[0].dataset.channel, text: words.dataset.say }, columns()[0]);
    if (event.target.closest("[data-your-turn]")) fetch("/control/story", { method: "DELETE" });
    const shortcut = event.target.closest("[data-shortcut]");
    if (shortcut) useShortcut(shortcut);
    const reaction = event.target.closest("[data-react]");
    if (reaction) react(reaction);
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-search]")) search(event.target);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches('[data-search="0"]')) search(event.target);
  });
  document.addEventListener("change", (event) => {
    const control = event.target.closest("[data-control]");
    if (control && !event.target.matches("[data-search]") && tellsAtOnce(control)) use(control, valueOf(control));
  });
}

/** An input waits for its form to be submitted, unless the app asked to hear of it at once. */
function tellsAtOnce(control) {
  const field = control.closest(".field");
  return control.dataset.control !== "button" && (!field || "dispatch" in field.dataset);
}

async function use(control, value) {
  if (control.dataset.confirm && !(await confirmed(JSON.parse(control.dataset.confirm)))) return;
  const isButton = control.dataset.control === "button";
  control.classList.add("busy");
  const said = await post("/control/click", {
    ...placeOf(control),
    value: isButton && value === "" ? undefined : value,
  }, columnOf(control));
  control.classList.remove("busy");
  if (said?.failure) tell(`The app did not take that: ${said.failure}.`);
}

/** Which control it is, and where. */
function placeOf(control) {
  const { actionId: action_id, blockId: block_id } = control.dataset;
  const view = control.closest("[data-view-id]");
  if (view) return { action_id, block_id, view_id: view.dataset.viewId, state: stateOf(view) };
  const { channel, ts } = control.closest("[data-ts]").dataset;
  return { action_id, block_id, channel, ts };
}

let searching = null;

/** Fills a menu with what the app offers for the words typed so far. */
function search(field) {
  clearTimeout(searching);
  if (field.value.length < Number(field.dataset.search)) return;
  searching = setTimeout(async () => {
    const control = field.closest("[data-control]");
    const said = await post("/control/options", { ...placeOf(control), value: field.value }, columnOf(control));
    if (!said) return;
    if (said.failure) return void tell(`The app offered nothing: ${said.failure}.`);
    const options = [...(said.options ?? []), ...(said.option_groups ?? []).flatMap((group) => group.options)];
    const select = find("select", control);
    const before = select.value;
    select.replaceChildren(select.options[0], ...options.map(offeredOption));
    select.value = options.some((each) => each.value === before) ? before : "";
    select.options[0].textContent = options.length ? `Choose of ${options.length}…` : "Nothing found";
  }, 200);
}

function offeredOption(option) {
  const item = new Option(option.text.text, option.value);
  item.dataset.option = JSON.stringify(option);
  return item;
}

async function useShortcut(button) {
  const message = button.closest("[data-ts]");
  const place = message ? { channel: message.dataset.channel, ts: message.dataset.ts } : {};
  const said = await post("/control/shortcut", { callback_id: button.dataset.shortcut, ...place }, columnOf(button));
  if (said?.failure) tell(`The app did not take that: ${said.failure}.`);
}

function react(button) {
  const { channel, ts } = button.closest("[data-ts]").dataset;
  post("/control/reaction", { channel, ts, name: button.dataset.react }, columnOf(button));
}

/** Begins or ends a story; to watch it one has to be where it happens. */
async function tellStory(method, name) {
  const body = method === "POST" ? JSON.stringify({ story: name }) : undefined;
  const said = await (await fetch("/control/story", { method, body })).json();
  if (said.error) return void tell(said.error);
  if (method === "POST") await show(columns()[0], { where: said.place });
}

/** Asks the question that the app put before this control. */
function confirmed(question) {
  const dialog = find("#confirm");
  dialog.innerHTML = `<form class="ask" method="dialog" data-testid="confirm"><h2 id="confirm-title"></h2><p></p>
    <footer><button class="button" value="no"></button><button class="button" value="yes"></button></footer></form>`;
  find("h2", dialog).textContent = question.title.text;
  find("p", dialog).textContent = question.text.text;
  const [deny, confirm] = all("button", dialog);
  deny.textContent = question.deny.text;
  confirm.textContent = question.confirm.text;
  confirm.classList.add(question.style ?? "primary");
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}
