// Writing: Enter sends, a slash begins a command, @ and # are completed.
import { find, here, post } from "./page.js";
import { Completion } from "./completion.js";
import { hideHint, startHint } from "./hint.js";

export function startComposer() {
  const main = find("#composer");
  if (main) {
    const completion = new Completion(main, find("#suggestions"));
    main.addEventListener("keydown", (event) => completion.key(event));
    main.addEventListener("input", () => completion.look());
    main.addEventListener("blur", () => setTimeout(() => completion.hide(), 120));
    main.value = sessionStorage.getItem(draftKey()) ?? "";
    grow(main);
    main.focus();
  }
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-composer] textarea")) return;
    grow(event.target);
    if (event.target === main) sessionStorage.setItem(draftKey(), main.value);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const plainEnter = event.key === "Enter" && !event.shiftKey && !event.isComposing && !event.defaultPrevented;
    if (plainEnter && field.matches("[data-composer] textarea")) {
      event.preventDefault();
      send(field);
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-composer]")) return;
    event.preventDefault();
    send(find("textarea", event.target));
  });
  startHint(main, grow);
}

const draftKey = () => `draft ${here.handle} ${here.channel}`;

async function send(field) {
  const text = field.value.trim();
  if (!text) return;
  const form = field.closest("form");
  field.value = "";
  grow(field);
  sessionStorage.removeItem(draftKey());
  hideHint();
  const said = await post("/page/say", {
    channel: form.dataset.channel,
    text,
    ...(form.dataset.thread ? { thread_ts: form.dataset.thread } : {}),
  });
  if (said === null && !field.value) field.value = text;
  const scroll = find("#scroll");
  if (scroll) scroll.scrollTop = scroll.scrollHeight;
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
