// The console's behaviour beyond htmx: live stream, keyboard, composer, notices. No inline script anywhere.
import { listen } from "./live.js";
import { bindKeys } from "./keys.js";
import { bindComposer } from "./composer.js";
import { bindTalk, showWaiting } from "./talk.js";
import { bindNotices } from "./notices.js";
import { bindPanels } from "./panels.js";
import { bindReviews } from "./reviews.js";
import { bindAlarm } from "./alarm.js";
import { bindEscalations } from "./escalations.js";
import { bindSound } from "./sound.js";
import { bindWork } from "./work.js";
import { bindBoard } from "./board.js";
import { bindSchedule } from "./schedule.js";
import { bindPhone } from "./phone.js";
import { bindLine } from "./line.js";

bindNotices();
bindPanels();
if (document.body.dataset.agent) {
  showWaiting(Number(document.body.dataset.waiting));
  bindSound();
  bindTalk();
  bindWork();
  bindComposer();
  bindKeys();
  bindReviews();
  bindAlarm();
  bindEscalations();
  bindBoard();
  bindSchedule();
  bindPhone();
  bindLine();
  listen();
}
