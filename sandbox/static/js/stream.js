// Keeps the page live: the server says what changed, and the parts that show it are drawn again.
import { columns, find, part } from "./page.js";
import { reconcileSome, reconcileStretches } from "./reconcile.js";
import { drawSides, markRead, toEnd } from "./columns.js";
import { follow, followStory } from "./follow.js";
import { refreshModal } from "./modal.js";
import { refreshClock } from "./clock.js";
import { refreshPanel } from "./panel.js";
import { refreshThread, threadShown } from "./thread.js";

const PARTS = ["list", "sidebar", "who", "modal", "home", "thread"];
const SHARED = ["clock", "story", "happened", "timeline", "inspector", "upcoming", "guide", "workflows"];
/** What people wait for is drawn before the rest. */
const FIRST = ["rows", "modal", "thread"];
const waiting = new Map();
let drawing = false;
let newest = Number(document.body.dataset.news);

export function listen() {
  const stream = new EventSource("/live");
  let lost = false;
  stream.onmessage = (event) => {
    const news = JSON.parse(event.data);
    if (news.kind !== "listening") return heard(news);
    document.body.dataset.live = "yes";
    if (lost || news.number !== newest) drawEverything();
    newest = news.number;
    lost = false;
    drawSoon();
  };
  stream.onerror = () => {
    lost = true;
    document.body.dataset.live = "no";
  };
}

/** The number of the latest news that this page heard of. */
export const newsSoFar = () => newest;

/** Draws a column again whose HTML was asked for at the time of some news, when there was more before it came. */
export function catchUp(column, since) {
  if (newest !== since) for (const name of PARTS) draw(name, column);
}

function drawEverything() {
  for (const column of columns()) for (const name of PARTS) draw(name, column);
  for (const name of SHARED) draw(name);
}

function heard(news) {
  newest = news.number;
  drawSoon();
  const concerned = columns().filter(({ dataset }) => !news.seen_by || news.seen_by.includes(dataset.user));
  switch (news.kind) {
    case "message":
      for (const column of concerned) heardMessage(column, news);
      for (const column of columns()) draw("who", column);
      break;
    case "happened":
      for (const name of ["happened", "upcoming", "timeline", "guide"]) draw(name);
      if (news.channel) follow(news);
      break;
    case "modal":
    case "home":
      for (const column of concerned) draw(news.kind, column);
      break;
    case "places":
    case "read":
      for (const column of concerned) draw("sidebar", column);
      for (const column of columns()) draw("who", column);
      break;
    case "clock":
      for (const name of ["clock", "upcoming", "timeline"]) draw(name);
      for (const column of columns()) heardTime(column, news);
      break;
    case "story":
      draw("story");
      followStory(news);
      for (const column of columns()) for (const name of ["sidebar", "who"]) draw(name, column);
      break;
    case "call":
    case "faults":
      draw("inspector");
      if (news.to_app) for (const name of ["guide", "upcoming"]) draw(name);
      break;
    case "workflows":
      draw("workflows");
      break;
    case "guide":
      draw("guide");
      break;
    case "reload":
      location.reload();
  }
}

function heardMessage(column, news) {
  const { channel, ts, thread_ts: root } = news;
  if (channel === column.dataset.channel) draw("rows", column, [ts, ...(root ? [root] : [])]);
  else draw("sidebar", column);
  if (threadShown(column, channel, root ?? ts)) draw("thread", column);
}

/** Messages are drawn again when the day changes: "today" is another one then. */
function heardTime(column, news) {
  draw("who", column);
  const day = new Date(news.now).toLocaleDateString("en-GB", { timeZone: column.dataset.zone });
  if (column.dataset.day === day) return;
  column.dataset.day = day;
  for (const name of ["list", "thread"]) draw(name, column);
}

/** Asks for a part to be drawn soon; many asks in one moment become one. */
function draw(name, column = null, some = []) {
  const key = `${name} ${column?.dataset.side ?? ""}`;
  const before = waiting.get(key)?.some ?? [];
  waiting.set(key, { name, side: column?.dataset.side, some: [...before, ...some] });
  drawSoon();
}

function drawSoon() {
  if (drawing) return;
  drawing = true;
  setTimeout(drawAll, 10);
}

async function drawAll() {
  const upTo = newest;
  const asked = [...waiting.values()];
  waiting.clear();
  await drawThese(asked.filter(({ name }) => FIRST.includes(name)));
  await drawThese(asked.filter(({ name }) => !FIRST.includes(name)));
  document.body.dataset.drawn = upTo;
  drawing = false;
  if (waiting.size || newest > upTo) drawSoon();
}

const drawThese = (asked) =>
  Promise.all(
    asked.map(({ name, side, some }) => {
      const column = side && columns().find((each) => each.dataset.side === side);
      return side && !column ? null : drawers[name](column, some);
    }),
  );

const drawers = {
  list: (column) => drawList(column, () => part("list", column), reconcileStretches),
  rows: (column, some) =>
    drawList(column, () => part("rows", column, { ts: some.join(",") }), (list, html) => reconcileSome(list, html, some)),
  sidebar: (column) => fill("sidebar", column),
  who: async (column) => {
    await fill("who", column);
    drawSides();
  },
  home: (column) => fill("home", column),
  story: () => fill("story"),
  happened: () => fill("happened"),
  upcoming: () => fill("upcoming"),
  guide: () => fill("guide"),
  clock: refreshClock,
  modal: refreshModal,
  thread: refreshThread,
  timeline: () => refreshPanel("timeline"),
  inspector: () => refreshPanel("inspector"),
  workflows: () => refreshPanel("workflows"),
};

async function fill(name, column) {
  const html = await part(name, column);
  const slot = find(`[data-part="${name}"]`, column ?? document);
  if (!slot || html === null || slot.innerHTML === html) return;
  const focused = slot.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
  slot.innerHTML = html;
  if (focused) find(`[data-testid="${focused}"]`, slot)?.focus();
}

async function drawList(column, ask, put) {
  const list = find('[data-list="messages"]', column);
  if (!list) return;
  const html = await ask();
  if (html === null || !column.isConnected) return;
  const scroll = find("[data-scroll]", column);
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  put(list, html);
  if (atEnd) toEnd(column);
  markRead(column);
}
