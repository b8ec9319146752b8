// Keeps the page live: the server says what changed, and the parts that show it are drawn anew.
import { find, here, part, post } from "./page.js";
import { reconcile } from "./reconcile.js";
import { refreshModal } from "./modal.js";
import { refreshClock } from "./clock.js";
import { refreshPanel, threadShown } from "./panel.js";

const waiting = new Set();
let drawing = false;

export function listen() {
  const stream = new EventSource(`/live?as=${here.handle}`);
  let lost = false;
  stream.onmessage = (event) => heard(JSON.parse(event.data));
  stream.onopen = () => {
    document.body.dataset.live = "yes";
    if (lost) for (const name of ["list", "sidebar", "modal", "home", "clock", "story", "panel"]) draw(name);
    lost = false;
  };
  stream.onerror = () => {
    lost = true;
    document.body.dataset.live = "no";
  };
  addEventListener("focus", markRead);
}

function heard(news) {
  switch (news.kind) {
    case "message":
      if (news.channel === here.channel) draw("list");
      else draw("sidebar");
      if (threadShown(news.channel, news.thread_ts ?? news.ts)) draw("panel");
      break;
    case "modal":
    case "home":
      draw(news.kind);
      break;
    case "clock":
      draw("clock");
      draw("list");
      draw("timeline");
      draw("panel");
      break;
    case "story":
      draw("story");
      draw("sidebar");
      break;
    case "read":
      draw("sidebar");
      break;
    case "call":
    case "faults":
      draw("inspector");
      break;
    case "reload":
      location.reload();
  }
}

/** Asks for a part to be drawn soon; many asks in one moment become one. */
function draw(name) {
  waiting.add(name);
  if (!drawing) {
    drawing = true;
    setTimeout(drawAll, 40);
  }
}

async function drawAll() {
  const names = [...waiting];
  waiting.clear();
  await Promise.all(names.map((name) => drawers[name]()));
  drawing = false;
  if (waiting.size) draw([...waiting][0]);
}

const drawers = {
  list: drawList,
  sidebar: () => fill("sidebar"),
  home: () => fill("home"),
  story: () => fill("story"),
  clock: refreshClock,
  modal: refreshModal,
  panel: () => refreshPanel("thread"),
  timeline: () => refreshPanel("timeline"),
  inspector: () => refreshPanel("inspector"),
};

async function fill(name) {
  const slot = find(`[data-part="${name}"]`);
  if (slot) slot.innerHTML = await part(name);
}

async function drawList() {
  const list = find('[data-list="messages"]');
  if (!list) return;
  const scroll = find("#scroll");
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  reconcile(list, await part("list"));
  if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  markRead();
}

function markRead() {
  if (document.hasFocus() && find("#scroll")) post("/page/read", { channel: here.channel });
}
