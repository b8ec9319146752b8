// Menus: closed by choosing, by Escape, and by a click anywhere else. Those of messages open from a button with
// data-menu: thousands of <details> would slow down every change of the page.
import { find } from "./page.js";

const openMenus = new Set();

export function startMenus() {
  document.addEventListener("click", ({ target }) => {
    const opener = target.closest("[data-menu]");
    if (opener) setOpen(opener.parentElement, opener.getAttribute("aria-expanded") !== "true");
    const chosen = target.closest(".menu-items button");
    for (const menu of openMenus) if (chosen || !menu.contains(target)) setOpen(menu, false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const menu of openMenus) setOpen(menu, false);
  });
  document.addEventListener("toggle", ({ target }) => {
    if (target.matches("details.menu")) remember(target, target.open);
  }, true);
}

function setOpen(menu, open) {
  remember(menu, open);
  if (menu.matches("details")) return void (menu.open = open);
  find("[data-menu]", menu).setAttribute("aria-expanded", open);
  if (open && !find(".menu-items", menu)) menu.append(find("#reactions").content.cloneNode(true));
  find(".menu-items", menu).hidden = !open;
  menu.closest(".stretch")?.classList.toggle("sticks-out", open);
}

const remember = (menu, open) => (open ? openMenus.add(menu) : openMenus.delete(menu));
