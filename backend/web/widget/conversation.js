/**
 * One customer's conversation with the house: history, live socket, and an outbox.
 *
 * Promises: a text is posted under one client_message_id until the house has it, in the order it was written, also
 * over reloads; a message is shown once, whichever way it arrives; a lost connection is caught up with.
 * Emits "change" when anything a view shows may have changed.
 */
import { keep, recall } from "./dom.js";

const PLACE = "hotline-chat"; // localStorage: the conversation and its token
const OUTBOX = "hotline-outbox"; // sessionStorage: texts the house has not confirmed, one list per tab
const PATIENCE_MS = 20_000;
const LONGEST_PAUSE_MS = 15_000;
const BOT_CHECK_MS = 4_000;
const TYPING_MS = 6_000;
const UPLOAD_PATIENCE_MS = 120_000;
const LARGEST_PICTURE = 10 * 1024 * 1024;
export const PICTURES = ["image/jpeg", "image/png", "image/webp"];

/** A random UUID, also on plain-http pages, where crypto.randomUUID is missing. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Milliseconds before try number `tries`: doubling, with jitter, so that a restart is not met by all at once. */
export function pause(tries) {
  return Math.min(LONGEST_PAUSE_MS, 500 * 2 ** tries) * (0.5 + Math.random() / 2);
}

const rank = (id) => BigInt(id) * 2n; // odd ranks are places between messages, for texts whose id is not known yet
const bare = (text) => text.replace(/[\s\p{C}]+/gu, ""); // the house cleans texts; compare without what it may drop

export class Conversation extends EventTarget {
  entries = []; // messages of the house, and our own on their way, in the order they are shown
  mode = "bot";
  bot = "ready";
  link = "idle"; // idle, connecting, live or lost
  typing = null; // author who is typing
  started = false;
  #base;
  #id;
  #token;
  #seen = "0";
  #cursor = "0";
  #socket = null;
  #tries = 0;
  #posts = 0;
  #posting = false;
  #renewedAt = 0;
  #timers = {};

  constructor(base, language) {
    super();
    this.#base = base;
    this.language = language;
    const place = recall("localStorage", PLACE);
    if (place?.id && place.token) [this.#id, this.#token, this.#seen] = [place.id, place.token, place.seen ?? "0"];
    for (const { text, title, client, after, sent_at } of recall("sessionStorage", OUTBOX) ?? [])
      this.entries.push(outgoing(text, title, client, after, sent_at));
    addEventListener("online", this.#wake);
    addEventListener("offline", this.#changed);
    addEventListener("storage", this.#follow);
    document.addEventListener("visibilitychange", this.#wake);
  }

  /** Whether there is a conversation to return to. */
  get exists() {
    return Boolean(this.#id);
  }

  /** Whether the customer has said anything yet. */
  get touched() {
    return this.entries.some((entry) => entry.author === "customer");
  }

  /** How many messages of bot or agent have come since `markSeen`. */
  get unread() {
    const seen = rank(this.#seen);
    return this.entries.filter((e) => /bot|agent/.test(e.author) && e.rank > seen).length;
  }

  /** Take up the stored conversation, or open one. */
  async begin() {
    if (this.started) return;
    this.started = true;
    this.link = "connecting";
    this.#checkBot();
    if (this.#id) await this.#catchUp();
    else await this.#open();
    if (this.#id && !this.#socket) this.#connect();
  }

  /** Close the line; entries stay. */
  stop() {
    this.started = false;
    removeEventListener("online", this.#wake);
    removeEventListener("storage", this.#follow);
    removeEventListener("offline", this.#changed);
    document.removeEventListener("visibilitychange", this.#wake);
    this.#hangUp();
  }

  /** Leave this conversation, and everything unsent in it, for a new one. */
  async renew() {
    this.entries = [];
    await this.#reopen();
  }

  /** Send a text. `title` is what is shown in its place (the label of a quick reply). */
  say(text, title) {
    this.entries.push(outgoing(text, title, uuid(), this.#newest(), new Date().toISOString()));
    this.#saveOutbox();
    this.#changed();
    this.#post();
  }

  /** Send a picture; what the house will not take anyway is not sent. Pictures do not outlive a reload. */
  show(file) {
    const entry = outgoing("", null, uuid(), this.#newest(), new Date().toISOString());
    this.entries.push(Object.assign(entry, { file, picture: {}, address: URL.createObjectURL(file), percent: 0 }));
    if (file.size > LARGEST_PICTURE) refuse(entry, "picture_too_large");
    else if (!PICTURES.includes(file.type)) refuse(entry, "not_a_picture");
    this.#changed();
    this.#post();
  }

  /** An address at which this page can show a picture of the house; null when it cannot be had. */
  async picture({ picture, address }) {
    if (address) return address;
    try {
      const response = await fetch(new URL(`${this.#path}/attachments/${picture.id}`, this.#base), {
        headers: { Authorization: `Bearer ${this.#token}` },
        credentials: "omit",
      });
      return response.ok ? URL.createObjectURL(await response.blob()) : null;
    } catch {
      return null;
    }
  }

  /** Try a failed text again, at once and under its own id. */
  retry(entry) {
    entry.state = "sending";
    this.#changed();
    this.#post();
  }

  /** Tell the other side that the customer is writing; at most every three seconds. */
  tellTyping() {
    if (this.#timers.told || this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send('{"type":"typing"}');
    this.#timers.told = setTimeout(() => (this.#timers.told = null), 3000);
  }

  /** The customer has the messages in view. */
  markSeen() {
    const newest = this.#newest();
    if (newest === this.#seen) return;
    this.#seen = newest;
    this.#savePlace();
  }

  #changed = () => this.dispatchEvent(new Event("change"));

  #wake = () => {
    if (document.hidden || !this.started) return;
    if (this.link === "live") this.#catchUp();
    else if (this.link === "lost") this.#again();
    this.#post();
  };

  /** Another tab of this browser began a new conversation: follow it. */
  #follow = ({ key }) => {
    const place = key === PLACE && recall("localStorage", PLACE);
    if (!place?.id || place.id === this.#id) return;
    this.#hangUp();
    [this.#id, this.#token, this.#seen, this.#cursor] = [place.id, place.token, place.seen ?? "0", "0"];
    this.#carryOver();
    if (this.started) this.#catchUp().then(() => this.#socket || this.#connect());
  };

  /** Ask whether the bot is awake, and go on asking until it is. */
  async #checkBot() {
    clearTimeout(this.#timers.bot);
    const { body } = await this.#ask("GET", "readyz");
    const was = this.bot;
    this.bot = body?.bot ?? was;
    if (this.bot !== "ready" && this.started) this.#timers.bot = setTimeout(() => this.#checkBot(), BOT_CHECK_MS);
    if (this.bot !== was) this.#changed();
  }

  #newest() {
    return this.entries.findLast((entry) => entry.id)?.id ?? "0";
  }

  #savePlace() {
    keep("localStorage", PLACE, this.#id ? { id: this.#id, token: this.#token, seen: this.#seen } : null);
  }

  #saveOutbox() {
    const unsent = this.entries.filter((entry) => entry.pending && !entry.file);
    const kept = unsent.map(({ text, title, client, after, sent_at }) => ({ text, title, client, after, sent_at }));
    keep("sessionStorage", OUTBOX, kept.length ? kept : null);
  }

  /** The answer of the house as { status, body }; status 0 when there was none. */
  async #ask(method, path, content) {
    try {
      const response = await fetch(new URL(path, this.#base), {
        method,
        headers: {
          ...(content && { "Content-Type": "application/json" }),
          ...(this.#token && path.startsWith("api/") && { Authorization: `Bearer ${this.#token}` }),
        },
        body: content && JSON.stringify(content),
        credentials: "omit",
        cache: "no-store",
        keepalive: method === "POST",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return { status: response.status, body: await response.json(), after: response.headers.get("Retry-After") };
    } catch {
      return { status: 0, body: null };
    }
  }

  /** Post a picture, telling how far it has come: `fetch` cannot. */
  #upload(entry) {
    const form = new FormData();
    form.append("client_message_id", entry.client);
    form.append("file", entry.file, entry.file.name || "picture");
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", new URL(`${this.#path}/attachments`, this.#base));
      request.setRequestHeader("Authorization", `Bearer ${this.#token}`);
      request.responseType = "json";
      request.timeout = UPLOAD_PATIENCE_MS;
      request.upload.onprogress = ({ loaded, total }) => {
        entry.percent = Math.round((100 * loaded) / total);
        this.#changed();
      };
      const end = () =>
        resolve({ status: request.status, body: request.response, after: request.getResponseHeader("Retry-After") });
      request.onload = end;
      request.onerror = request.ontimeout = request.onabort = () => resolve({ status: 0, body: null });
      request.send(form);
    });
  }

  get #path() {
    return `api/chat/conversations/${encodeURIComponent(this.#id)}`;
  }

  async #open() {
    const { status, body } = await this.#ask("POST", "api/chat/conversations", { language: this.language });
    if (status !== 201) return this.#lost();
    [this.#id, this.#token, this.#seen, this.#cursor, this.mode] = [body.conversation_id, body.token, "0", "0", "bot"];
    this.#savePlace();
    this.#take(body);
    this.#connect();
    this.#post();
  }

  /** Open a new conversation in place of one that is gone; texts not yet sent move over to it. */
  async #reopen(note) {
    this.#hangUp();
    this.#renewedAt = Date.now();
    this.#carryOver();
    if (note) this.entries.unshift({ author: "system", note, rank: -1n, sent_at: new Date().toISOString() });
    [this.#id, this.#token, this.link] = [null, null, "connecting"];
    this.#savePlace();
    this.#changed();
    await this.#open();
  }

  /** Keep only what is unsent, as the beginning of another conversation. */
  #carryOver() {
    this.entries = this.entries.filter((entry) => entry.pending);
    for (const entry of this.entries) Object.assign(entry, { id: null, rank: null, after: "0" });
    this.#saveOutbox();
  }

  /** Whether the house no longer knows us; then a new conversation is on its way (but not twice in a row). */
  async #gone(status) {
    if (status !== 401 && status !== 404) return false;
    if (Date.now() - this.#renewedAt < LONGEST_PAUSE_MS) return false;
    await this.#reopen("expired");
    return true;
  }

  #hangUp() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    Object.values(this.#timers).forEach(clearTimeout);
    this.#timers = {};
    this.typing = null;
  }

  #connect() {
    clearTimeout(this.#timers.again);
    const id = this.#id;
    const address = new URL(`${this.#path}/socket`, this.#base);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address, ["hotline.v1", `bearer.${this.#token}`]);
    this.#socket = socket;
    socket.onopen = () => {
      if (this.#socket !== socket) return socket.close();
      [this.link, this.#tries] = ["live", 0];
      this.#checkBot();
      this.#catchUp();
      this.#post();
      this.#changed();
    };
    socket.onmessage = ({ data }) => this.#socket === socket && this.#hear(JSON.parse(data));
    socket.onclose = async () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#lost();
      await this.#catchUp(); // tells an unknown conversation from a lost line, and stands in for the socket
      if (this.#id === id) this.#changed();
    };
  }

  #lost() {
    this.link = "lost";
    this.typing = null;
    clearTimeout(this.#timers.again);
    this.#timers.again = setTimeout(() => this.#again(), pause(this.#tries++));
    this.#changed();
  }

  #again() {
    clearTimeout(this.#timers.again);
    if (!this.#id) this.#open();
    else if (!this.#socket) this.#connect();
  }

  #hear(frame) {
    if (frame.type === "message") this.#take({ messages: [frame.message], mode: frame.mode });
    else if (frame.type === "mode") this.#take({ messages: [], mode: frame.mode });
    else if (frame.type === "typing") this.#showTyping(frame.author);
  }

  #showTyping(author) {
    this.typing = author;
    clearTimeout(this.#timers.typing);
    if (author) this.#timers.typing = setTimeout(() => this.#showTyping(null), TYPING_MS);
    this.#changed();
  }

  /** Fetch what was said since the last catching up; whatever came meanwhile by other ways is recognised by its id. */
  async #catchUp() {
    const id = this.#id;
    if (!id) return;
    const { status, body } = await this.#ask("GET", `${this.#path}/messages?after=${this.#cursor}`);
    if (this.#id !== id) return;
    if (status === 200) {
      this.#cursor = body.messages.at(-1)?.id ?? this.#cursor;
      this.#take(body);
    } else await this.#gone(status);
  }

  #take({ messages, mode }) {
    if (mode) this.mode = mode;
    for (const message of messages) this.#place(message);
    this.entries.sort(byRank);
    this.#changed();
  }

  #place(message) {
    if (this.entries.some((entry) => entry.id === message.id)) return;
    const own = message.author === "customer" && this.entries.find((entry) => isEcho(message, entry));
    const entry = own || {};
    Object.assign(entry, message, { rank: rank(message.id), state: "sent" });
    if (!own) this.entries.push(entry);
    if (message.author === this.typing) this.typing = null;
  }

  /** Post what is pending, oldest first and one at a time. */
  async #post() {
    if (this.#posting || !this.#id) return;
    this.#posting = true;
    clearTimeout(this.#timers.post);
    const next = () => this.#id && this.entries.find((entry) => entry.pending && entry.state !== "refused");
    for (let entry = next(); entry && (await this.#deliver(entry)); entry = next());
    this.#posting = false;
  }

  /** Post one text. False means: stop here for now. */
  async #deliver(entry) {
    entry.state = "sending";
    this.#changed();
    const id = this.#id;
    const content = { client_message_id: entry.client, text: entry.text };
    const { status, body, after } = entry.file
      ? await this.#upload(entry)
      : await this.#ask("POST", `${this.#path}/messages`, content);
    if (this.#id !== id) return Boolean(this.#id);
    if (status === 200 || status === 201) {
      this.#posts = 0;
      entry.file = null;
      Object.assign(entry, { pending: false, state: "sent" });
      const replies = body.messages.filter((message) => message.author !== "customer");
      entry.rank ??= rank(replies[0]?.id ?? this.#newest()) + (replies[0] ? -1n : 1n);
      this.#saveOutbox();
      this.#take(body);
      return true;
    }
    if (await this.#gone(status)) return true;
    const lasting = status >= 400 && status < 500 && ![401, 404, 408, 425, 429].includes(status);
    if (!entry.id) entry.state = lasting ? "refused" : "failed";
    if (entry.file && lasting) refuse(entry, body?.code);
    else entry.why = null;
    if (!lasting) this.#timers.post = setTimeout(() => this.#post(), Number(after) * 1000 || pause(++this.#posts));
    this.#changed();
    return lasting;
  }
}

/** By the house's ids; what the house has not confirmed comes last, as written. */
function byRank(a, b) {
  if (a.rank === null || b.rank === null) return (a.rank === null) - (b.rank === null);
  return a.rank > b.rank ? 1 : a.rank < b.rank ? -1 : 0;
}

/** A text of the customer on its way; `after` is the newest id known when it was written. */
function outgoing(text, title, client, after, sent_at) {
  const unsent = { id: null, rank: null, pending: true, state: "sending" };
  return { author: "customer", ...unsent, text, title, client, after, sent_at };
}

/** A picture that will never be sent: it stands where it was chosen, and does not stay the newest. */
function refuse(entry, why) {
  Object.assign(entry, { state: "refused", why, rank: rank(entry.after) + 1n });
}

/** Whether a message of the house is our own entry coming back. Only the picture depends on it, never the sending. */
function isEcho(message, entry) {
  if (entry.id || entry.author !== "customer") return false;
  if (message.client_message_id) return message.client_message_id === entry.client;
  return rank(message.id) > rank(entry.after) && bare(message.text) === bare(entry.text);
}
