// One stream a tab. It carries names and numbers; the panes fetch their content themselves.
import { openId, refresh, refreshPages, refreshWithin, showTyping, showWaiting, talk } from "./talk.js";
import { showAlerts } from "./escalations.js";
import { chime } from "./chime.js";
import { note } from "./notices.js";

const RECONNECT_MS = 1500;
const IN_FLIGHT_MS = 400;
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
  const stream = new EventSource(`/console/stream${open ? `?open=${open}` : ""}`);
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
  stream.addEventListener("conversation", (event) => {
    const { id, seq } = JSON.parse(event.data);
    if (id !== openId()) return;
    if (seq === undefined) refresh(talk());
    else setTimeout(() => catchUpWith(id, seq), IN_FLIGHT_MS);
    refreshWithin("filters", 0, { atOnce: true });
  });
  stream.addEventListener("list", (event) => {
    const { ids, tabs, within_ms: within } = JSON.parse(event.data);
    const tab = document.querySelector("#filters [name=tab]:checked")?.value;
    if (tabs.includes(tab) || ids.some((id) => document.getElementById(`row-${id}`))) refreshWithin("filters", within);
  });
  stream.addEventListener("desk", (event) => {
    const { waiting, whole, within_ms: within } = JSON.parse(event.data);
    showWaiting(waiting);
    refreshWithin("filters", within);
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

/** What was said last has most often been fetched already, when this process was told of it. */
function catchUpWith(id, seq) {
  if (id === openId() && Number(talk().dataset.seq) < seq) refresh(talk());
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
