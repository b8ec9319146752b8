// What arrives is seen arriving: a column opens what the app writes to its person, unless something is being written there.
import { columns, find } from "./page.js";
import { see, show } from "./columns.js";

export function startFollow() {
  document.addEventListener("click", (event) => {
    const seen = event.target.closest("[data-see]");
    if (seen) see(JSON.parse(seen.dataset.see));
  });
}

/** Opens the conversation in which the app just wrote to one of the two people. */
export async function follow(news) {
  if (columns().length < 2 || !news.reader) return;
  const column = columns().find((each) => each.dataset.user === news.reader);
  if (!column || isBusy(column) || column.dataset.channel === news.channel) return;
  await show(column, { where: news.channel });
}

const isBusy = (column) =>
  Boolean(find("[data-main-composer]", column)?.value.trim()) ||
  find("dialog", column).open ||
  !find(".thread", column).hidden ||
  column.dataset.tab === "home";
