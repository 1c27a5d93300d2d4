// The open conversation and the list beside it: which row is current, what has been read, where the thread stands.

const TITLE = document.title;
const SOON_MS = 150; // what stands around a message waits for the message
let waiting = 0;
let alarms = 0;

export const talk = () => document.querySelector(".talk");
export const openId = () => talk()?.dataset.conversation ?? "";

/** The number of waiting conversations, in the rail and in the tab's title. */
export function showWaiting(count) {
  waiting = count;
  const badge = document.getElementById("waiting-badge");
  if (badge) {
    badge.hidden = !count;
    badge.querySelector("b").textContent = count;
  }
  showTitle();
}

/** Whether there is danger nobody has acknowledged, in the tab's title. */
export function showAlarms(count) {
  alarms = count;
  showTitle();
}

function showTitle() {
  document.title = `${alarms ? "⚠ " : ""}${waiting ? `(${waiting}) ` : ""}${TITLE}`;
}

/** Refetch a pane soon; several reasons within a blink are one request, and the first one does not wait. */
const pending = new Map();
export function refresh(element) {
  if (!element || element.dataset.page > 0) return;
  const busy = pending.get(element.id);
  if (busy) {
    busy.again = true;
    return;
  }
  const entry = { again: false };
  pending.set(element.id, entry);
  element.dispatchEvent(new CustomEvent("refresh"));
  setTimeout(() => {
    pending.delete(element.id);
    if (entry.again) refresh(document.getElementById(element.id));
  }, 120);
}

/** Refetch a pane some time within so many milliseconds, so that not all consoles ask at once; news that come meanwhile
 * are in the same answer. `atOnce` is for what this agent has done or looks at. Nobody sees a page in the background:
 * it catches up when it is shown. */
const planned = new Map();
const missed = new Set();
export function refreshWithin(id, ms, { atOnce = false } = {}) {
  const known = planned.get(id);
  if (known && (known.atOnce || !atOnce)) return;
  if (known) clearTimeout(known.timer);
  const fetchIt = () => {
    planned.delete(id);
    if (document.hidden) missed.add(id);
    else refresh(document.getElementById(id));
  };
  planned.set(id, { atOnce, timer: setTimeout(fetchIt, atOnce ? SOON_MS : Math.random() * ms) });
}

function catchUp() {
  if (document.hidden) return;
  for (const id of missed) refresh(document.getElementById(id));
  missed.clear();
}

/** Refetch whatever live pane of tickets or callbacks this page has, unless somebody is filling it in. */
export function refreshPages() {
  for (const pane of document.querySelectorAll("[data-live]")) {
    if (!isInUse(pane)) refresh(pane);
  }
}

/** Whether somebody is filling a pane in. */
export function isInUse(pane) {
  const writes = pane.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
  return writes || Boolean(pane.querySelector("details[open]"));
}

export function markCurrent() {
  for (const row of document.querySelectorAll(".row-link")) {
    if (row.dataset.conversation === openId()) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function tellSeen() {
  const open = talk();
  if (!open || document.hidden || Number(open.dataset.unread) === 0) return;
  open.dataset.unread = "0";
  const body = new URLSearchParams({ seq: open.dataset.seq });
  fetch(`/console/conversations/${open.dataset.conversation}/seen`, { method: "POST", body }).catch(() => {
    open.dataset.unread = "1"; // told again with the next look
  });
}

let shown = { id: "", atEnd: true, seq: 0, last: "" };

export function settleThread() {
  const thread = document.getElementById("thread");
  if (!thread) return;
  const seq = Number(talk().dataset.seq);
  const isOther = shown.id !== openId();
  const last = thread.lastElementChild?.id ?? ""; // a note is news, too, and has no number among the messages
  if (isOther || (last !== shown.last && shown.atEnd)) thread.scrollTop = thread.scrollHeight;
  if (seq !== shown.seq) document.getElementById("typing").hidden = true;
  shown = { id: openId(), atEnd: shown.atEnd || isOther, seq, last };
  thread.onscroll = () => {
    shown.atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60;
  };
  sizes.observe(thread); // once for each thread, however often it is asked
}

/** Whoever reads the end keeps it in view when the thread becomes lower, or a picture in it has come. */
function stayAtEnd() {
  const thread = document.getElementById("thread");
  if (thread && shown.atEnd) thread.scrollTop = thread.scrollHeight;
}

const sizes = new ResizeObserver(stayAtEnd);

/**
 * What was asked for one conversation must not be put in the place of another that has been opened meanwhile, nor what
 * was asked before an agent did something over what came of it, nor the news of a pane over what somebody has begun to
 * fill in since they were asked for.
 */
function refuseLateAnswers() {
  let done = 0; // by this agent in conversations
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    ctx.askedAfter = done;
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target?.id === "work" && ctx.request.method !== "GET") done += 1;
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx.target?.id === "work" && !ctx.sourceElement.isConnected) event.preventDefault();
    if (ctx.sourceElement === talk() && ctx.askedAfter !== done) {
      event.preventDefault();
      refresh(talk());
    }
    if (ctx.target?.matches("[data-live]") && ctx.sourceElement === ctx.target && isInUse(ctx.target)) event.preventDefault();
  });
}

export function bindTalk() {
  refuseLateAnswers();
  const settle = () => {
    markCurrent();
    settleThread();
    tellSeen();
  };
  settle();
  document.addEventListener("load", (event) => event.target.closest?.("#thread") && stayAtEnd(), true);
  document.addEventListener("htmx:after:swap", () => {
    settle();
    if (waiting >= 0) showWaiting(waiting);
  });
  document.addEventListener("visibilitychange", tellSeen);
  document.addEventListener("visibilitychange", catchUp);
  setInterval(() => {
    if (document.hidden) return;
    refresh(document.getElementById("filters"));
    refreshPages();
  }, 30_000);
}

let typingUntil = 0;

/** The customer is writing: show it for a few seconds. */
export function showTyping() {
  const line = document.getElementById("typing");
  if (!line) return;
  line.hidden = false;
  typingUntil = Date.now() + 3500;
  setTimeout(() => {
    const still = document.getElementById("typing");
    if (still && Date.now() >= typingUntil) still.hidden = true;
  }, 3600);
}
