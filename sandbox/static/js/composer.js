// Writing: Enter sends, a slash begins a command, @ and # are completed.
import { columnOf, composerOf, find, post } from "./page.js";
import { Completion } from "./completion.js";

const completions = new WeakMap();
const isMain = (field) => "mainComposer" in (field.dataset ?? {});

export function startComposer() {
  document.addEventListener("focusin", (event) => {
    if (isMain(event.target) && !completions.has(event.target)) completions.set(event.target, new Completion(event.target));
  });
  document.addEventListener("focusout", (event) => {
    if (isMain(event.target)) setTimeout(() => completions.get(event.target)?.hide(), 120);
  });
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("[data-composer] textarea")) return;
    grow(field);
    if (!isMain(field)) return;
    completions.get(field)?.look();
    sessionStorage.setItem(draftKey(columnOf(field)), field.value);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (isMain(field)) completions.get(field)?.key(event);
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
}

/** Puts back what was being written in a place. */
export function restoreDraft(column) {
  const field = composerOf(column);
  if (!field) return;
  field.value = sessionStorage.getItem(draftKey(column)) ?? "";
  grow(field);
}

/** Puts words into the composer of a column, ready to be sent. */
export function fillIn(column, words) {
  const field = composerOf(column);
  if (!field) return;
  field.value = words;
  grow(field);
  field.focus();
}

const draftKey = ({ dataset }) => `draft ${dataset.handle} ${dataset.channel}`;

async function send(field) {
  const text = field.value.trim();
  if (!text) return;
  const form = field.closest("form");
  const column = columnOf(field);
  field.value = "";
  grow(field);
  if (isMain(field)) sessionStorage.removeItem(draftKey(column));
  const thread = form.dataset.thread ? { thread_ts: form.dataset.thread } : {};
  const said = await post("/page/say", { channel: form.dataset.channel, text, ...thread }, column);
  if (said === null && !field.value) field.value = text;
  const scroll = find("[data-scroll]", column);
  if (scroll) scroll.scrollTop = scroll.scrollHeight;
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
