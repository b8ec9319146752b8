// Starts the page.
import { columns, find } from "./page.js";
import { startActions } from "./actions.js";
import { startClock } from "./clock.js";
import { startColumns } from "./columns.js";
import { startComposer } from "./composer.js";
import { startFollow } from "./follow.js";
import { startGuide } from "./guide.js";
import { startModal } from "./modal.js";
import { startPanel } from "./panel.js";
import { listen } from "./stream.js";
import { startThread } from "./thread.js";

startActions();
startClock();
startComposer();
startModal();
startColumns();
startFollow();
startGuide();
startPanel();
startThread();
listen();
find("[data-main-composer]", columns()[0])?.focus();
document.body.classList.add("loaded");
