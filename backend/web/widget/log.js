/** The list of messages: builds a node for each entry once, and afterwards only writes what differs. */
import { h, write } from "./dom.js";
import { clock, dateOf, day } from "./words.js";

const RUN_MS = 5 * 60_000; // messages of one author within this time share one name
const LINK = /https:\/\/[^\s<>"'“”‘’，。；：！？、（）()【】《》]+/g;
const OWN_PAGE = /https?:\/\/[^\s/]+\/v\/[A-Za-z0-9._-]+/g; // the page of a visit
const HOME = new URL(import.meta.url).origin;
const TRICKS = /[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/; // characters that make an address look like another

/**
 * Text as nodes: some addresses become links, everything else stays text. Of an agent, plain https addresses; of the
 * bot, which may repeat what a customer wrote, the house's own page of a visit only.
 */
export function linked(text, author) {
  const [pattern, allowed] = author === "agent" ? [LINK, isPlain] : [OWN_PAGE, isOwn];
  const parts = [];
  let from = 0;
  for (const match of TRICKS.test(text) ? [] : text.matchAll(pattern)) {
    const address = match[0].replace(/[.,;:!?]+$/, "");
    if (!allowed(address)) continue;
    const link = h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, address);
    parts.push(text.slice(from, match.index), link);
    from = match.index + address.length;
  }
  return [...parts, text.slice(from)];
}

function isOwn(address) {
  try {
    return new URL(address).origin === HOME;
  } catch {
    return false;
  }
}

function isPlain(address) {
  try {
    const { username, password, hostname } = new URL(address);
    return !username && !password && hostname.includes(".") && !/(^|\.)xn--/.test(hostname);
  } catch {
    return false;
  }
}

export class Log {
  #nodes = new WeakMap();
  #days = new Map();

  /** `list` is the live region; `actions` has reply(button) and retry(entry). */
  constructor(list, actions) {
    this.list = list;
    this.actions = actions;
  }

  /** Bring the list up to date. Nodes that stay are not touched, so only what is new is read out. */
  render(entries, words) {
    const wanted = [];
    const lastSpoken = entries.findLast((entry) => /bot|agent/.test(entry.author));
    const answered = entries.indexOf(lastSpoken) < entries.findLastIndex((entry) => entry.author === "customer");
    let today = null;
    entries.forEach((entry, index) => {
      const date = new Date(entry.sent_at);
      if (dateOf(date) !== today) wanted.push(this.#day((today = dateOf(date)), words, date));
      const parts = this.#parts(entry);
      this.#fill(parts, entry, entries, index, words, date);
      if (parts.replies) {
        parts.replies.hidden = entry !== lastSpoken;
        for (const button of parts.replies.children) button.disabled = answered;
      }
      wanted.push(parts.row);
    });
    wanted.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null);
    });
    while (this.list.children.length > wanted.length) this.list.lastChild.remove();
  }

  #day(key, words, date) {
    if (!this.#days.has(key)) this.#days.set(key, h("div", { class: "day" }, h("time")));
    write(this.#days.get(key).firstChild, day(words, date));
    return this.#days.get(key);
  }

  #parts(entry) {
    if (this.#nodes.has(entry)) return this.#nodes.get(entry);
    const parts = { name: h("span", { class: "by", "aria-hidden": "true" }), said: h("span", { class: "sr" }) };
    parts.text = h("bdi", { dir: "auto" });
    parts.time = h("time");
    parts.state = h("span");
    parts.retry = h("button", { type: "button", class: "retry", onclick: () => this.actions.retry(entry) });
    parts.meta = h("div", { class: "meta" }, parts.time, parts.state, parts.retry);
    if (entry.picture) this.#frame(parts, entry);
    parts.row = h("div", {}, parts.name, h("div", { class: "bubble" }, parts.said, parts.image ?? parts.text), parts.meta);
    if (entry.buttons?.length) {
      const buttons = entry.buttons.map((choice) =>
        h("button", { type: "button", onclick: () => this.actions.reply(choice) }, choice.title),
      );
      parts.row.append((parts.replies = h("div", { class: "replies" }, ...buttons)));
    }
    this.#nodes.set(entry, parts);
    return parts;
  }

  /** The place of a picture, as large as it will be, so that nothing moves when it comes. */
  #frame(parts, entry) {
    const { width, height } = entry.picture;
    const named = () => parts.image.replaceWith(h("bdi", { dir: "auto" }, entry.file?.name ?? parts.image.alt));
    parts.image = h("img", { class: "picture", alt: "", onerror: named, ...(width && { width, height }) });
    this.actions.picture(entry).then((address) => {
      if (address) parts.image.src = address;
    });
  }

  #fill(parts, entry, entries, index, words, date) {
    const { author, state } = entry;
    const by = author === "agent" ? words.agent(entry.name) : author === "bot" ? words.bot : words.you;
    const text = entry.note ? words[entry.note] : labelOf(entry, entries, index);
    if (parts.image) parts.image.alt = words.pictureOf;
    if (parts.shown !== text) {
      parts.shown = text;
      parts.text.replaceChildren(...(/agent|bot/.test(author) ? linked(text, author) : [text]));
    }
    const name = runs(entries[index - 1], entry) ? "run " : "";
    parts.row.className = `row ${name}${author} ${state ?? ""}`;
    write(parts.name, author === "bot" || author === "agent" ? by : "");
    write(parts.said, author === "system" ? "" : by + words.colon);
    const isOnItsWay = entry.file && state === "sending" && entry.percent < 100;
    const unsent = state !== "sent" && (words[entry.why] ?? (isOnItsWay ? words.uploading(entry.percent) : words[state]));
    parts.meta.hidden = author === "system" || (!unsent && sameMinute(entry, entries[index + 1]));
    parts.time.dateTime = entry.sent_at;
    write(parts.time, unsent ? "" : clock(words, date));
    write(parts.state, unsent || "");
    parts.retry.hidden = (state !== "failed" && state !== "refused") || Boolean(entry.why);
    write(parts.retry, words.retry);
  }
}

/** Whether `next` continues what `entry` began. */
function runs(entry, next) {
  if (!entry || !next || entry.author !== next.author || entry.name !== next.name) return false;
  const [from, to] = [new Date(entry.sent_at), new Date(next.sent_at)];
  return dateOf(from) === dateOf(to) && to - from < RUN_MS && next.state !== "failed";
}

/** Whether `next` will show the time of `entry` too. */
function sameMinute(entry, next) {
  if (!next || next.author === "system" || (next.state && next.state !== "sent")) return false;
  return new Date(entry.sent_at).setSeconds(0, 0) === new Date(next.sent_at).setSeconds(0, 0);
}

/** What the customer saw when saying it: a quick reply shows its label, also after a reload. */
function labelOf(entry, entries, index) {
  if (entry.author !== "customer") return entry.text;
  const asked = entries.slice(0, index).findLast((earlier) => /bot|agent/.test(earlier.author));
  return entry.title ?? asked?.buttons?.find((button) => button.payload === entry.text)?.title ?? entry.text;
}
