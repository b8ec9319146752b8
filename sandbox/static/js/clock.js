// The clock: ticking in the viewer's zone, and moved by its buttons.
import { columns, composerOf, find, part, post } from "./page.js";

let started = performance.now();

export function startClock() {
  startKeys();
  setInterval(tick, 1000);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    button.disabled = true;
    await post("/clock", JSON.parse(button.dataset.move));
    button.disabled = false;
  });
}

const KEYS = { KeyM: "10m", KeyH: "1h", KeyD: "1d", KeyN: "next", KeyR: "real", KeyP: "play" };

/** Each move has a key with Alt, wherever one is; F6 goes from the message box to the clock, and on to the other side. */
function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && !event.metaKey && KEYS[event.code]) {
      event.preventDefault();
      find(`[data-testid="clock-${KEYS[event.code]}"]`)?.click();
    }
    if (event.key !== "F6") return;
    event.preventDefault();
    const stops = [...columns().map(composerOf).filter((each) => each?.getClientRects().length), find(".moves button")];
    const at = stops.findIndex((stop) => stop === document.activeElement || stop.parentElement.contains(document.activeElement));
    stops[(at + (event.shiftKey ? stops.length - 1 : 1)) % stops.length]?.focus();
  });
}

export async function refreshClock() {
  const slot = find('[data-part="clock"]');
  const html = await part("clock");
  if (html === null) return;
  const open = find("details.zones", slot)?.open;
  const focused = slot.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
  slot.innerHTML = html;
  started = performance.now();
  if (open) find("details.zones", slot).open = true;
  if (focused) (find(`[data-testid="${focused}"]`, slot) ?? find("button", slot)).focus();
}

function tick() {
  const clock = find(".clock");
  const now = new Date(Number(clock.dataset.now) * 1000 + performance.now() - started);
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: clock.dataset.zone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const of = (type) => parts.find((each) => each.type === type).value;
  const shown = `${of("weekday")} ${of("day")} ${of("month")}, ${of("hour")}:${of("minute")}`;
  const label = find(".now", clock);
  if (label.textContent !== shown) label.textContent = shown;
}
