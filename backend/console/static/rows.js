// What the stream brings is put on the screen here: rows of the list into their places, messages to the end of theirs.
import { markCurrent, openId, refreshWithin, settleThread, talk } from "./talk.js";

const filters = () => document.getElementById("filters");
const tabShown = () => document.querySelector("#filters [name=tab]:checked")?.value ?? "";

/** Whether the list is one into which rows can be put: the first page of a tab, without a search. */
function isPlain() {
  return Number(filters().dataset.page) === 0 && !document.getElementById("q").value.trim();
}

/** Put rows into their places, or take them out. A list that shows something else is fetched anew if it is concerned. */
export function showRows({ rows, counts, within_ms: within }) {
  if (!filters()) return;
  const tab = tabShown();
  if (!isPlain()) {
    if (rows.some(({ id, keys }) => keys[tab] || document.getElementById(`row-${id}`))) refreshWithin("filters", within);
    return;
  }
  showCounts(counts);
  const list = document.getElementById("rows");
  const most = Number(list.dataset.most);
  const hasMore = Boolean(document.getElementById("more-rows"));
  const before = list.childElementCount;
  for (const { id, keys, html } of rows) {
    const row = document.getElementById(`row-${id}`);
    if (keys[tab]) place(list, row, html, keys[tab], tab);
    else row?.remove();
  }
  let isShort = hasMore && list.childElementCount < before; // those behind it are not here
  while (list.childElementCount > most) {
    isShort ||= !hasMore; // there is a second page now
    list.lastElementChild.remove();
  }
  if (isShort || !list.childElementCount) refreshWithin("filters", within);
  markCurrent();
}

/** A row where its key belongs. One that is there already is kept and made like the new one: it may have the focus. */
function place(list, old, html, key, tab) {
  const drawn = document.createElement("template");
  drawn.innerHTML = html;
  const fresh = drawn.content.querySelector(".row-item");
  const link = fresh.querySelector(".row-link");
  for (const name of ["href", "hx-get"]) link.setAttribute(name, link.getAttribute(name).replace(/tab=\w+/, `tab=${tab}`));
  fresh.dataset.key = key;
  const next = [...list.children].find((row) => row !== old && row.dataset.key > key) ?? null;
  if (old) {
    old.dataset.key = key;
    const known = old.querySelector(".row-link");
    known.className = link.className;
    known.replaceChildren(...link.childNodes);
    const stands = old.nextElementSibling === next;
    if (!stands) moveBefore(list, old, next);
  } else {
    list.insertBefore(fresh, next);
    window.htmx.process(fresh);
  }
}

/** Move a row without losing the focus that may be in it. */
function moveBefore(list, row, next) {
  const focused = row.contains(document.activeElement) ? document.activeElement : null;
  list.insertBefore(row, next);
  focused?.focus({ preventScroll: true });
}

function showCounts(counts) {
  for (const [tab, count] of Object.entries(counts)) {
    const label = document.querySelector(`#tab-${tab} .tab-count`);
    if (!label) continue;
    const most = Number(filters().dataset.mostCounted);
    label.textContent = count < most ? count : `${most - 1}+`;
    if (tab === "waiting") label.classList.toggle("tab-count-hot", count > 0);
  }
}

/** Put messages at the end of the open conversation; what stands around them follows, fetched. */
export function showWords({ id, words }) {
  if (id !== openId()) return;
  const thread = document.getElementById("thread");
  const shown = Number(talk().dataset.seq);
  const isNext = words.length > 0 && words[0].seq <= shown + 1;
  for (const { seq, html } of isNext ? words : []) {
    if (seq <= shown || document.getElementById(`m${seq}`)) continue;
    const drawn = document.createElement("template");
    drawn.innerHTML = html;
    thread.append(drawn.content);
    talk().dataset.seq = seq;
  }
  settleThread();
  refreshWithin(talk().id, 0, { atOnce: true });
}
