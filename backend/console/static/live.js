// One stream a tab. It brings rows of the list and new messages; other panes fetch their content themselves.
import { openId, refresh, refreshPages, refreshWithin, showTyping, showWaiting, talk } from "./talk.js";
import { showRows, showWords } from "./rows.js";
import { showAlerts } from "./escalations.js";
import { chime } from "./chime.js";
import { note } from "./notices.js";

const RECONNECT_MS = 1500;
let source = null;
let wasLost = false;
let alerts = Number(document.body.dataset.alerts);

export function listen() {
  connect();
  document.addEventListener("htmx:after:swap", () => {
    if (source && source.open !== openId()) connect();
  });
}

function connect() {
  source?.stream.close();
  const open = openId();
  const asked = new URLSearchParams();
  if (open) asked.set("open", open);
  if (document.getElementById("filters")) asked.set("list", "yes");
  const stream = new EventSource(`/console/stream${asked.size ? `?${asked}` : ""}`);
  source = { stream, open };
  stream.addEventListener("open", () => {
    setLive(true);
    if (wasLost) {
      wasLost = false;
      note(document.body.dataset.sayBack, "green");
      everything();
    }
  });
  stream.addEventListener("error", () => {
    if (!wasLost) note(document.body.dataset.sayLost, "orange");
    wasLost = true;
    setLive(false);
    if (stream.readyState === EventSource.CLOSED && source.stream === stream) setTimeout(connect, RECONNECT_MS);
  });
  stream.addEventListener("bye", () => {
    stream.close();
    location.assign("/console/");
  });
  stream.addEventListener("said", (event) => showWords(JSON.parse(event.data)));
  stream.addEventListener("rows", (event) => showRows(JSON.parse(event.data)));
  stream.addEventListener("conversation", (event) => {
    // what has changed is most often a message: it comes by itself, and what stands around it can wait for it
    if (JSON.parse(event.data).id === openId()) refreshWithin(talk().id, 0, { atOnce: true });
  });
  stream.addEventListener("list", (event) => refreshWithin("filters", JSON.parse(event.data).within_ms));
  stream.addEventListener("desk", (event) => {
    const { waiting, list, whole, within_ms: within } = JSON.parse(event.data);
    showWaiting(waiting);
    if (list) refreshWithin("filters", within);
    if (whole) setTimeout(everythingElse, Math.random() * within);
  });
  stream.addEventListener("alerts", (event) => {
    const { count } = JSON.parse(event.data);
    if (count > alerts) note(document.body.dataset.sayAlert, "orange");
    alerts = count;
    showAlerts(count);
  });
  stream.addEventListener("named", (event) => {
    const { how } = JSON.parse(event.data);
    const { sayNamed, sayWhisper, sayTaken } = document.body.dataset;
    chime();
    note({ whisper: sayWhisper, taken: sayTaken }[how] ?? sayNamed, "orange");
  });
  stream.addEventListener("typing", showTyping);
  stream.addEventListener("ring", (event) => {
    const { why } = JSON.parse(event.data);
    if (why === "passed_on") return; // told to whom it was passed on
    const isDanger = why === "danger";
    if (!isDanger) chime(); // danger has a sound of its own
    note(isDanger ? document.body.dataset.sayDanger : document.body.dataset.sayWaiting, isDanger ? "red" : "orange");
  });
}

function everything() {
  refresh(document.getElementById("filters"));
  everythingElse();
}

function everythingElse() {
  refresh(talk());
  refreshPages();
}

function setLive(on) {
  const live = document.getElementById("live");
  if (live) live.dataset.state = on ? "on" : "off";
}
