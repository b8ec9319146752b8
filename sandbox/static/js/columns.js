// Moving about: another place or person in a column, one column or two, and the page's address in step with both.
import { columnOf, columns, composerOf, find, isShown, post, tell } from "./page.js";
import { restoreDraft } from "./composer.js";
import { refreshModal } from "./modal.js";
import { catchUp, newsSoFar } from "./stream.js";

export function startColumns() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest('.column a[href^="?as="]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const { as, c, ...more } = Object.fromEntries(new URLSearchParams(link.getAttribute("href")));
      show(columnOf(link), { who: as, where: c, ...more });
    }
    if (event.target.closest("[data-toggle-split]")) toggleSplit();
    const side = event.target.closest("[data-show-side]");
    if (side) showSide(side.dataset.showSide);
  });
  addEventListener("popstate", () => location.reload());
  addEventListener("focus", () => columns().forEach(markRead));
  columns().forEach(settle);
  drawSides();
}

/** Of each side, how often it was asked to show something: the latest wish wins, whichever answer comes last. */
const wishes = {};

/**
 * Shows another person or place in a column, and returns its new column; undefined when it stayed as it is: refused,
 * overtaken by a later wish, or because `unless` holds of it when the answer comes.
 */
export async function show(column, { who = column.dataset.handle, where = "dm", tab = "", limit = "", unless = () => false }) {
  const { side } = column.dataset;
  const wish = (wishes[side] = (wishes[side] ?? 0) + 1);
  const since = newsSoFar();
  const answer = await fetch(`/part/column?${new URLSearchParams({ as: who, c: where, tab, limit, side })}`);
  if (!answer.ok) return void tell((await answer.json()).error);
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  if (wishes[side] !== wish || unless(column)) return;
  const next = find(".column", fresh.content);
  const hadFocus = column.contains(document.activeElement);
  column.replaceWith(next);
  history.pushState(null, "", address());
  settle(next);
  drawSides();
  catchUp(next, since);
  if (hadFocus) composerOf(next)?.focus({ preventScroll: true });
  return next;
}

/** Shows a message where it stands: in the column of its reader, else on the right. */
export async function see({ who, where, ts }) {
  const known = columns().find((each) => (who ? each.dataset.handle === who : true));
  let column = known ?? columns().at(-1);
  const there = column.dataset.channel === where && column.dataset.tab === "messages" && (!who || known);
  if (!there) column = await show(column, { who: who || undefined, where });
  if (!column) return;
  showSide(column.dataset.side);
  const message = find(`[data-ts="${ts}"]`, column);
  message?.scrollIntoView({ block: "center" });
  message?.classList.add("pointed-at");
  setTimeout(() => message?.classList.remove("pointed-at"), 2500);
}

/** The page's address for what it shows now. */
function address() {
  const [left, right] = columns();
  const query = new URLSearchParams({ as: left.dataset.handle, c: left.dataset.channel });
  if (left.dataset.tab === "home") query.set("tab", "home");
  if (right) {
    query.set("with", right.dataset.handle);
    query.set("d", right.dataset.channel);
    if (right.dataset.tab === "home") query.set("dtab", "home");
  }
  return `/?${query}`;
}

async function toggleSplit() {
  const [left, right] = columns();
  if (right) right.remove();
  else {
    const next = left.cloneNode(false);
    next.id = next.dataset.side = "right";
    left.after(next);
    await show(next, { who: left.dataset.handle === "client" ? "alice" : "client" });
  }
  history.pushState(null, "", address());
  document.body.dataset.sides = columns().length;
  find("[data-toggle-split]").setAttribute("aria-pressed", columns().length === 2);
  showSide("left");
}

/** Brings a column that just came to the state in which one works with it. */
function settle(column) {
  toEnd(column);
  const scroll = find("[data-scroll]", column);
  if (scroll) keepEnd(scroll);
  restoreDraft(column);
  refreshModal(column);
  if (find(".tabs", column)) post("/control/home", { tab: column.dataset.tab }, column);
  markRead(column);
}

/** A list whose end is in sight keeps it there when its room changes. */
const room = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target.dataset.atEnd !== "no") target.scrollTop = target.scrollHeight;
});

function keepEnd(scroll) {
  room.observe(scroll);
  scroll.addEventListener("scroll", () => {
    scroll.dataset.atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80 ? "yes" : "no";
  }, { passive: true });
}

export function toEnd(column) {
  const scroll = find("[data-scroll]", column);
  if (!scroll) return;
  scroll.scrollTop = scroll.scrollHeight;
}

export function markRead(column) {
  if (document.hasFocus() && isShown(column) && find("[data-scroll]", column)) {
    post("/page/read", { channel: column.dataset.channel }, column);
  }
}

/** On a narrow screen one side is shown at a time. */
export function showSide(side) {
  document.body.dataset.side = side;
  drawSides();
  columns().forEach(markRead);
}

/** The tabs of the two sides, for narrow screens. */
export function drawSides() {
  const tabs = columns().map((column) => {
    const { side, name, handle } = column.dataset;
    const tab = document.createElement("button");
    tab.type = "button";
    tab.dataset.showSide = side;
    tab.setAttribute("aria-pressed", document.body.dataset.side === side);
    const unread = find(`[data-testid="unread-${handle}"]`, find(".who", columns()[0]))?.textContent;
    tab.append(name, ...(unread ? [Object.assign(document.createElement("span"), { className: "count", textContent: unread })] : []));
    if (unread) tab.setAttribute("aria-label", `${name}, ${unread} unread`);
    return tab;
  });
  find(".sides").replaceChildren(...tabs);
}
