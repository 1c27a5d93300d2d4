/** <hotline-chat>: launcher, panel, composer; keyboard, focus and screen size. */
import { Conversation, PICTURES } from "./conversation.js";
import { h, icon, keep, recall, write } from "./dom.js";
import { Log } from "./log.js";
import { sheet } from "./style.js";
import { WORDS, languageOf } from "./words.js";

const LANGUAGE = "hotline-language"; // localStorage, shared with our own pages
const LIMIT = 2000; // characters, as the house counts them
const COUNT_FROM = 1800;
const NEAR_END_PX = 80;
const FULL_SCREEN = matchMedia("(max-width: 560px), (max-height: 480px)");
const KEYBOARDS = {
  phone: { inputmode: "tel", autocomplete: "tel" },
  name: { autocomplete: "name" },
  address: { autocomplete: "street-address" },
  model: { autocapitalize: "characters" },
  ticket_no: { autocapitalize: "characters" },
};

class HotlineChat extends HTMLElement {
  static observedAttributes = ["lang"];
  #talk;
  #log;
  #language;
  #parts = {};
  #opened = false;
  #shown = null; // the last entry in view, to know a new one
  #watch = new MutationObserver(() => this.#speak(languageOf(document.documentElement.lang)));

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    this.#language =
      recall("localStorage", LANGUAGE) ?? languageOf(this.lang) ?? languageOf(document.documentElement.lang) ?? "zh";
    this.#talk = new Conversation(new URL("..", import.meta.url), this.#language);
    this.#talk.addEventListener("change", this.#render);
    if (this.#talk.exists) this.#talk.begin();
    this.#watch.observe(document.documentElement, { attributeFilter: ["lang"] });
    visualViewport?.addEventListener("resize", this.#fit);
    visualViewport?.addEventListener("scroll", this.#fit);
    FULL_SCREEN.addEventListener("change", this.#fit);
    this.#render();
  }

  disconnectedCallback() {
    this.#talk.stop();
    this.#watch.disconnect();
    visualViewport?.removeEventListener("resize", this.#fit);
    visualViewport?.removeEventListener("scroll", this.#fit);
    FULL_SCREEN.removeEventListener("change", this.#fit);
  }

  attributeChangedCallback(_name, before, now) {
    if (this.#talk && before !== now) this.#speak(languageOf(now));
  }

  /** Show the panel and put the cursor into the input. */
  open() {
    this.#opened = true;
    this.#talk.begin();
    this.#render();
    this.#fit();
    this.#toEnd();
    this.#parts.input.focus({ preventScroll: true });
  }

  /** Hide the panel and give the focus back to the launcher. */
  close() {
    this.#opened = false;
    this.#render();
    this.#fit();
    this.#parts.launcher.focus({ preventScroll: true });
  }

  #build() {
    const button = (part, attributes, ...children) =>
      (this.#parts[part] = h("button", { type: "button", ...attributes }, ...children));
    const part = (name, tag, attributes, ...children) => (this.#parts[name] = h(tag, attributes, ...children));
    const header = h(
      "div",
      { class: "head" },
      h("span", { class: "mark" }, icon("drop")),
      h("div", { class: "who" }, part("title", "h2", { id: "title" }), part("status", "p", { role: "status" })),
      button("tongue", { class: "tongue", onclick: () => this.#switch() }),
      button("more", { "aria-haspopup": "true", onclick: () => this.#menu(this.#parts.menu.hidden) }, icon("more")),
      button("close", { onclick: () => this.close() }, icon("close")),
    );
    const composer = h(
      "form",
      { onsubmit: this.#submit },
      part("counter", "p", { id: "counter", class: "counter", role: "status", hidden: true }),
      part("file", "input", { type: "file", accept: PICTURES.join(), multiple: true, hidden: true, onchange: this.#chosen }),
      part("input", "textarea", { rows: "1", enterkeyhint: "send", "aria-describedby": "counter" }),
      button("picture", { class: "pick", onclick: () => this.#parts.file.click() }, icon("picture")),
      button("send", { type: "submit", class: "send" }, icon("send")),
    );
    part(
      "panel",
      "section",
      { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true, onkeydown: this.#keys },
      header,
      part("menu", "div", { class: "menu", hidden: true }, button("fresh", { onclick: () => this.#ask(true) })),
      h("div", { role: "status" }, part("strip", "p", { class: "strip", hidden: true })),
      part(
        "scroller",
        "div",
        { class: "scroller", tabindex: "0", role: "group", onscroll: this.#scrolled },
        part("list", "div", { role: "log", "aria-live": "polite", "aria-relevant": "additions" }),
        part("typing", "div", { class: "typing", role: "img", hidden: true }, h("i"), h("i"), h("i")),
      ),
      h("div", { class: "over" }, button("pill", { class: "pill", hidden: true, onclick: () => this.#toEnd(true) })),
      composer,
      part("drop", "p", { class: "drop", hidden: true }),
      this.#confirmation(part, button),
    );
    this.#takeDropped();
    button("launcher", { class: "launcher", onclick: () => this.open() }, icon("chat"));
    this.#parts.launcher.append(
      part("invite", "span", {}),
      part("badge", "span", { class: "badge", "aria-hidden": "true" }),
    );
    this.attachShadow({ mode: "open" }).append(this.#parts.launcher, this.#parts.panel);
    this.shadowRoot.adoptedStyleSheets = [sheet];
    this.#log = new Log(this.#parts.list, {
      reply: (choice) => this.#reply(choice),
      retry: (entry) => this.#talk.retry(entry),
      picture: (entry) => this.#talk.picture(entry),
    });
    this.#parts.input.addEventListener("input", this.#grow);
    this.#parts.input.addEventListener("keydown", this.#enter);
    this.#parts.input.addEventListener("paste", (event) => {
      if (this.#send(event.clipboardData?.files)) event.preventDefault();
    });
  }

  /** Send pictures; says whether there were any. */
  #send(files) {
    const several = [...(files ?? [])].slice(0, 5);
    for (const file of several) this.#talk.show(file);
    return several.length > 0;
  }

  #chosen = () => {
    this.#send(this.#parts.file.files);
    this.#parts.file.value = "";
    this.#parts.input.focus({ preventScroll: true });
  };

  /** Pictures may be dragged onto the panel. */
  #takeDropped() {
    const { panel, drop } = this.#parts;
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    panel.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      drop.hidden = false;
    });
    panel.addEventListener("dragleave", (event) => {
      if (!panel.contains(event.relatedTarget)) drop.hidden = true;
    });
    panel.addEventListener("drop", (event) => {
      drop.hidden = true;
      if (!carries(event)) return;
      event.preventDefault();
      this.#send(event.dataTransfer.files);
    });
  }

  #confirmation(part, button) {
    return part(
      "confirm",
      "div",
      { class: "confirm", role: "alertdialog", "aria-labelledby": "ask", "aria-describedby": "why", hidden: true },
      h(
        "div",
        {},
        part("ask", "h3", { id: "ask" }),
        part("why", "p", { id: "why" }),
        button("no", { onclick: () => this.#ask(false) }),
        button("yes", { class: "yes", onclick: () => this.#startAfresh() }),
      ),
    );
  }

  #render = () => {
    const { launcher, panel, badge, list, typing, strip } = this.#parts;
    const words = WORDS[this.#language];
    this.#label(words);
    launcher.hidden = this.#opened;
    panel.hidden = !this.#opened;
    if (this.#opened && !document.hidden) this.#talk.markSeen();
    const unread = this.#opened ? 0 : this.#talk.unread;
    badge.hidden = !unread;
    write(badge, unread > 9 ? "9+" : String(unread));
    launcher.setAttribute("aria-label", unread ? words.unread(unread) : words.launcher);
    const atEnd = this.#atEnd();
    list.setAttribute("aria-busy", String(this.#talk.link === "connecting"));
    this.#log.render(this.#talk.entries, words);
    const last = this.#talk.entries.at(-1);
    const writing = this.#talk.typing ?? (this.#talk.mode === "bot" && last?.state === "sending" && navigator.onLine);
    typing.hidden = !writing;
    const trouble = this.#trouble(words);
    strip.hidden = !trouble;
    write(strip, trouble || "");
    this.#hint(words);
    if (last !== this.#shown && last && !atEnd && last.author !== "customer") this.#parts.pill.hidden = false;
    else if (atEnd || last?.author === "customer") this.#toEnd();
    this.#shown = last;
  };

  #label(words) {
    const parts = this.#parts;
    parts.panel.lang = parts.launcher.lang = words.locale;
    write(parts.title, words.title);
    write(parts.status, this.#state(words));
    const settled = this.#talk.link === "live" && (this.#talk.bot === "ready" || this.#talk.mode === "human");
    parts.status.className = settled ? "status" : "status wait";
    for (const [part, text] of [["tongue", "otherLanguage"], ["fresh", "fresh"], ["no", "cancel"], ["yes", "fresh"],
      ["ask", "freshAsk"], ["why", "freshWhy"], ["invite", "launcher"], ["pill", "newMessages"], ["drop", "dropHere"]])
      write(parts[part], words[text]);
    for (const [part, label] of [["tongue", "switchTo"], ["more", "menu"], ["close", "close"], ["scroller", "log"],
      ["list", "log"], ["input", "input"], ["picture", "picture"], ["send", "send"], ["typing", "typing"]])
      parts[part].setAttribute("aria-label", words[label]);
    parts.tongue.lang = this.#language === "zh" ? "en" : "zh-CN";
  }

  #state(words) {
    const { mode, bot, link } = this.#talk;
    if (link !== "live") return words.connecting;
    if (mode === "waiting" || mode === "closed") return words[mode];
    if (mode === "human") return words.human(this.#talk.entries.findLast((e) => e.author === "agent")?.name ?? "");
    return bot === "ready" ? words.online : words[bot] ?? words.down;
  }

  #trouble(words) {
    if (!navigator.onLine) return words.offline;
    if (this.#talk.link === "lost") return words.reconnecting;
    return this.#talk.mode === "closed" && words.closedHint;
  }

  /** Offer the keyboard that fits what the bot waits for. */
  #hint(words) {
    const expects = this.#talk.entries.findLast((entry) => entry.author === "bot")?.expects;
    const wanted = { inputmode: "text", autocomplete: "off", autocapitalize: "sentences", ...KEYBOARDS[expects] };
    for (const name in wanted) this.#parts.input.setAttribute(name, wanted[name]);
    this.#parts.input.placeholder = words.asks[expects] ?? words.placeholder;
  }

  /** Change the language; a conversation in which nothing was said yet is greeted anew. */
  #speak(language) {
    if (!language || language === this.#language) return;
    this.#language = this.#talk.language = language;
    keep("localStorage", LANGUAGE, language);
    this.#render();
    if (this.#talk.started && !this.#talk.touched) this.#talk.renew();
  }

  #switch() {
    this.#speak(this.#language === "zh" ? "en" : "zh");
    const detail = { language: this.#language };
    this.dispatchEvent(new CustomEvent("hotline-language", { detail, bubbles: true, composed: true }));
  }

  #submit = (event) => {
    event.preventDefault();
    const { input } = this.#parts;
    const text = input.value.trim();
    if (!text || this.#over() > 0) return input.focus();
    input.value = "";
    this.#grow();
    this.#talk.say(text);
    input.focus();
  };

  #reply({ title, payload }) {
    this.#talk.say(payload || title, title);
    const target = matchMedia("(pointer: fine)").matches ? this.#parts.input : this.#parts.scroller;
    target.focus({ preventScroll: true }); // on a touch screen the input would bring up the keyboard
  }

  /** Enter sends; not while an input method is choosing a word, and not with Shift. */
  #enter = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (!event.repeat) this.#parts.send.form.requestSubmit();
  };

  #over() {
    return [...this.#parts.input.value.trim()].length - LIMIT;
  }

  #grow = () => {
    const { input, counter, send } = this.#parts;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
    const over = this.#over();
    counter.hidden = over < COUNT_FROM - LIMIT;
    counter.classList.toggle("over", over > 0);
    write(counter, over > 0 ? WORDS[this.#language].tooLong(over) : `${LIMIT + over} / ${LIMIT}`);
    send.disabled = over > 0;
    if (input.value) this.#talk.tellTyping();
  };

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#parts.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  #toEnd(focus) {
    this.#parts.pill.hidden = true;
    this.#parts.scroller.scrollTop = this.#parts.scroller.scrollHeight;
    if (focus) this.#parts.input.focus({ preventScroll: true });
  }

  #scrolled = () => {
    if (this.#atEnd()) this.#parts.pill.hidden = true;
  };

  #menu(show) {
    this.#parts.menu.hidden = !show;
    this.#parts.more.setAttribute("aria-expanded", String(show));
    this.#parts[show ? "fresh" : "more"].focus();
  }

  #ask(show) {
    this.#parts.menu.hidden = true;
    this.#parts.more.setAttribute("aria-expanded", "false");
    this.#parts.confirm.hidden = !show;
    this.#parts[show ? "no" : "more"].focus();
  }

  #startAfresh() {
    this.#ask(false);
    this.#talk.renew();
    this.#parts.input.focus();
  }

  #keys = (event) => {
    const { menu, confirm, panel } = this.#parts;
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      if (!confirm.hidden) this.#ask(false);
      else if (!menu.hidden) this.#menu(false);
      else this.close();
    }
    if (event.key !== "Tab" || (!FULL_SCREEN.matches && confirm.hidden)) return;
    const stops = [...(confirm.hidden ? panel : confirm).querySelectorAll("button, textarea, a, [tabindex]")];
    const usable = stops.filter((stop) => !stop.disabled && stop.offsetParent);
    const [first, last, now] = [usable[0], usable.at(-1), this.shadowRoot.activeElement];
    if (now !== (event.shiftKey ? first : last)) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  };

  /** Follow the part of a phone's screen that the keyboard leaves, and hold the page still behind it. */
  #fit = () => {
    const { panel } = this.#parts;
    const full = this.#opened && FULL_SCREEN.matches;
    panel.setAttribute("aria-modal", String(full));
    document.documentElement.style.overflow = full ? "hidden" : "";
    panel.style.top = full && visualViewport ? `${visualViewport.offsetTop}px` : "";
    panel.style.height = full && visualViewport ? `${visualViewport.height}px` : "";
    if (this.#atEnd()) this.#toEnd();
  };
}

customElements.define("hotline-chat", HotlineChat);

/** Put the chat on a page that has not placed it itself. */
export function place() {
  if (document.querySelector("hotline-chat")) return;
  (document.body ?? document.documentElement).append(document.createElement("hotline-chat"));
}
