// The panel at the right: what is planned, workflows, or the inspector.
import { all, find, part, post } from "./page.js";

const panel = find("#panel");
const shown = { name: null };

export function startPanel() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-panel]");
    if (opener) shown.name === opener.dataset.panel ? close() : open(opener.dataset.panel);
    else if (event.target.closest("[data-close-panel]")) close();
    else if (event.target.closest("[data-clear-faults]")) fetch("/control/faults", { method: "DELETE" });
  });
  panel.addEventListener("input", (event) => {
    if (event.target.matches("[data-filter]")) filter(event.target.value);
  });
  panel.addEventListener("submit", (event) => {
    if (event.target.matches("[data-workflow]")) {
      event.preventDefault();
      const form = Object.fromEntries(new FormData(event.target));
      return void post("/control/workflow", { title: event.target.dataset.workflow, form });
    }
    if (!event.target.matches("[data-fault]")) return;
    event.preventDefault();
    const { method, fault, times } = Object.fromEntries(new FormData(event.target));
    post("/control/faults", { method, fault, times: Number(times) });
  });
  const remembered = sessionStorage.getItem("panel");
  if (remembered && innerWidth > 860) open(remembered);
}

export async function refreshPanel(name) {
  if (shown.name !== name) return;
  const html = await part(name);
  if (html === null || shown.name !== name) return;
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

async function open(name) {
  shown.name = name;
  sessionStorage.setItem("panel", name);
  panel.innerHTML = (await part(name)) ?? "";
  panel.classList.toggle("wide", name === "inspector");
  panel.hidden = false;
  for (const opener of all("[data-panel]")) opener.setAttribute("aria-pressed", opener.dataset.panel === name);
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
