// What arrives is seen arriving: a column opens what the app writes to its person, unless something is being written there.
import { columns, composerOf, find, partOf } from "./page.js";
import { see, show } from "./columns.js";

export function startFollow() {
  document.addEventListener("click", (event) => {
    const seen = event.target.closest("[data-see]");
    if (seen) see(JSON.parse(seen.dataset.see));
  });
}

let wanted = null;
let showing = false;

let actor = null;

/** In a story a side that shows who acts, or is written to, goes where that happens; others act left, and read beside. */
export function followStory({ who, where }) {
  if (who) wish({ ...wanted, acts: { who, where } });
}

const sideOf = ({ who }) => columns().find((each) => each.dataset.handle === who);

const sideBeside = (who) => columns().findLast((each) => each.dataset.handle !== who) ?? columns().at(-1);

async function wish(next) {
  wanted = next;
  if (showing) return;
  showing = true;
  try {
    while (wanted) {
      const { acts, reads } = wanted;
      wanted = null;
      actor = acts?.who ?? actor;
      if (acts) await move(sideOf(acts) ?? columns()[0], acts);
      if (reads) await move(sideOf(reads) ?? sideBeside(actor), reads, hasForm);
    }
  } finally {
    showing = false;
  }
}

/** The story fills in the forms of who acts by itself, so theirs may be open while their side turns to it. */
async function move(column, { who, where }, unless = () => false) {
  const same = column.dataset.handle === who && column.dataset.channel === where && column.dataset.tab === "messages";
  if (!same && !unless(column)) await show(column, { who, where, unless });
}

/** Opens the conversation in which the app just wrote to one of the two people. */
export async function follow(news) {
  if (columns().length < 2 || !news.reader) return;
  if (find("[data-running]", find('[data-part="story"]'))) return wish({ ...wanted, reads: { who: news.handle, where: news.channel } });
  const column = columns().find((each) => each.dataset.user === news.reader);
  if (!column || isBusy(column) || column.dataset.channel === news.channel) return;
  await show(column, { where: news.channel, unless: isBusy });
}

const hasForm = (column) => partOf(column, "dialog").open;

const isBusy = (column) =>
  Boolean(composerOf(column)?.value.trim()) ||
  hasForm(column) ||
  !partOf(column, ".thread").hidden ||
  column.dataset.tab === "home";
