// Starts the page.
import { find } from "./page.js";
import { openHome, startActions } from "./actions.js";
import { startClock } from "./clock.js";
import { startComposer } from "./composer.js";
import { startModal } from "./modal.js";
import { startPanel } from "./panel.js";
import { listen } from "./stream.js";

const scroll = find("#scroll");
if (scroll) scroll.scrollTop = scroll.scrollHeight;
startActions();
startClock();
startComposer();
startPanel();
startModal();
listen();
if (find(".tabs")) openHome();
document.addEventListener("click", (event) => {
  const sidebar = find("#sidebar");
  if (event.target.closest("[data-toggle-sidebar]")) sidebar.classList.toggle("open");
  else if (!event.target.closest("#sidebar")) sidebar.classList.remove("open");
});
document.body.classList.add("loaded");
