// The guided start beside the page: shown to those who are here for the first time, left and resumed at will.
import { columns, composerOf, find, post } from "./page.js";
import { fillIn } from "./composer.js";
import { show, showSide } from "./columns.js";

export function startGuide() {
  const guide = find("#guide");
  if (!guide) return;
  setOpen(columns().length === 2 && localStorage.getItem("guide") !== "left");
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-toggle-guide]")) {
      setOpen(guide.hidden);
      localStorage.setItem("guide", guide.hidden ? "left" : "open");
    }
    const example = event.target.closest("[data-fill]");
    if (example) fillStep(example.dataset);
    if (event.target.closest("[data-guide-again]")) post("/control/guide", {});
  });
}

function setOpen(open) {
  find("#guide").hidden = !open;
  find(".top [data-toggle-guide]").setAttribute("aria-expanded", open);
}

/** Puts the words of a step where they are typed: in the project's channel, on the side of whoever types them. */
async function fillStep({ fill, side }) {
  let column = columns().find((each) => each.dataset.side === side) ?? columns()[0];
  showSide(column.dataset.side);
  if (!composerOf(column) || find(".tabs", column)) column = await show(column, { where: "project-deck" });
  if (column) fillIn(column, fill);
}
