// The panel at the right: a thread, what is planned, or the inspector.
import { all, find, here, part, post } from "./page.js";
import { reconcile } from "./reconcile.js";

const panel = find("#panel");
const shown = { name: null, ts: null };

export function startPanel() {
  document.addEventListener("click", (event) => {
    const thread = event.target.closest("[data-open-thread]");
    const opener = event.target.closest("[data-panel]");
    if (thread) open("thread", thread.dataset.openThread);
    else if (opener) shown.name === opener.dataset.panel ? close() : open(opener.dataset.panel);
    else if (event.target.closest("[data-close-panel]")) close();
    else if (event.target.closest("[data-clear-faults]")) fetch("/control/faults", { method: "DELETE" });
  });
  panel.addEventListener("input", (event) => {
    if (event.target.matches("[data-filter]")) filter(event.target.value);
  });
  panel.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-fault]")) return;
    event.preventDefault();
    const { method, fault, times } = Object.fromEntries(new FormData(event.target));
    post("/control/faults", { method, fault, times: Number(times) });
  });
  const remembered = sessionStorage.getItem("panel");
  if (remembered && remembered !== "thread" && innerWidth > 860) open(remembered);
}

export const threadShown = (channel, ts) => shown.name === "thread" && channel === here.channel && ts === shown.ts;

export async function refreshPanel(name) {
  if (shown.name !== name) return;
  const html = await part(name, { ts: shown.ts ?? "" });
  if (name === "thread") return refreshThread(html);
  const opened = all("details[open]", panel).map(keyOf);
  const words = find("[data-filter]", panel)?.value ?? "";
  const searching = document.activeElement?.matches("[data-filter]");
  const scrolled = find(".panel-body", panel)?.scrollTop ?? 0;
  panel.innerHTML = html;
  for (const details of all("details", panel)) details.open = opened.includes(keyOf(details));
  if (find("[data-filter]", panel)) {
    find("[data-filter]", panel).value = words;
    filter(words);
    if (searching) find("[data-filter]", panel).focus();
  }
  find(".panel-body", panel).scrollTop = scrolled;
}

const keyOf = (details) => details.closest("[data-call]")?.dataset.call ?? details.className;

function refreshThread(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  reconcile(find('[data-list="thread"]', panel), find('[data-list="thread"]', fresh.content).innerHTML);
  find('[data-list="thread"]', panel).scrollTop = 1e9;
}

async function open(name, ts = null) {
  shown.name = name;
  shown.ts = ts;
  sessionStorage.setItem("panel", name);
  panel.innerHTML = await part(name, { ts: ts ?? "" });
  panel.classList.toggle("wide", name === "inspector");
  panel.hidden = false;
  for (const opener of all("[data-panel]")) opener.setAttribute("aria-pressed", opener.dataset.panel === name);
  find("textarea", panel)?.focus();
}

function close() {
  shown.name = null;
  sessionStorage.removeItem("panel");
  panel.hidden = true;
  panel.replaceChildren();
  for (const opener of all("[data-panel]")) opener.setAttribute("aria-pressed", "false");
}

function filter(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  for (const call of all("[data-call]", panel)) {
    call.hidden = !wanted.every((word) => call.dataset.words.includes(word));
  }
}
