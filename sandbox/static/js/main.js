// Starts the page.
import { columns, composerOf } from "./page.js";
import { startActions } from "./actions.js";
import { startClock } from "./clock.js";
import { startColumns } from "./columns.js";
import { startComposer } from "./composer.js";
import { startFollow } from "./follow.js";
import { startGuide } from "./guide.js";
import { startMenus } from "./menus.js";
import { startModal } from "./modal.js";
import { startPanel } from "./panel.js";
import { listen } from "./stream.js";
import { startThread } from "./thread.js";

startActions();
startClock();
startComposer();
startMenus();
startModal();
startColumns();
startFollow();
startGuide();
startPanel();
startThread();
listen();
composerOf(columns()[0])?.focus();
document.body.classList.add("loaded");
