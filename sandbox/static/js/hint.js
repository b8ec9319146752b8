// The hint for those who are here for the first time.
import { find } from "./page.js";

/** Shows it until it was dismissed or something was sent; its example is put into the composer on a click. */
export function startHint(main, grow) {
  const hint = find("[data-hint]");
  if (!hint || !main) return;
  hint.hidden = localStorage.getItem("hint") === "seen";
  hint.addEventListener("click", (event) => {
    const example = event.target.closest("[data-fill]");
    if (example) {
      main.value = example.dataset.fill;
      grow(main);
      main.focus();
    }
    if (event.target.closest("[data-dismiss-hint]")) hideHint();
  });
}

export function hideHint() {
  localStorage.setItem("hint", "seen");
  const hint = find("[data-hint]");
  if (hint) hint.hidden = true;
}
