// The telephone of the demonstration page: says what is heard, sends words and keys, goes on by itself where a call does.
const LAST_KEY_MS = 1600; // a caller who pauses this long has pressed all keys

let page;
let now = {}; // what the call waits for
let pressed = "";
let keysEnd = 0;
let silence = 0;
let hearing = 0; // counts up: whoever speaks or hangs up cuts short what is being heard

const by = (id) => document.getElementById(id);
const canSpeak = () => "speechSynthesis" in window;

export function bindPhone() {
  page = by("phone-page");
  if (!page) return;
  by("phone-aloud").checked = canSpeak() && localStorage.getItem("phone-aloud") !== "no";
  by("phone-aloud").addEventListener("change", (event) => {
    localStorage.setItem("phone-aloud", event.target.checked ? "yes" : "no");
    if (!event.target.checked && canSpeak()) speechSynthesis.cancel();
  });
  by("phone-ring").addEventListener("click", ring);
  by("phone-hang-up").addEventListener("click", () => send("hang_up"));
  by("phone-silence").addEventListener("click", () => send("silence"));
  by("phone-say").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = by("phone-words").value.trim();
    if (!words || by("phone-words").disabled) return;
    by("phone-words").value = "";
    show("phone-mine", words);
    send("speak", words);
  });
  page.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    if (key) press(key.dataset.key);
  });
  by("phone-turn").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.sourceElement?.id === "phone-turn") take();
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.sourceElement?.id === "phone-turn" && ctx.response.status >= 400) rest("idle");
  });
}

function ring() {
  by("phone-heard").replaceChildren();
  now = {};
  send("ring");
}

function send(does, said = "") {
  hearing += 1;
  clearTimeout(silence);
  clearTimeout(keysEnd);
  if (canSpeak()) speechSynthesis.cancel();
  pressed = "";
  by("phone-keys").value = "";
  const { elements } = by("phone-turn");
  Object.assign(elements.does, { value: does });
  Object.assign(elements.said, { value: said });
  Object.assign(elements.state, { value: now.state ?? "" });
  rest(does === "hang_up" ? "over" : "wait");
  by("phone-turn").dispatchEvent(new CustomEvent("turn"));
}

function press(key) {
  pressed += key;
  by("phone-keys").value = pressed;
  clearTimeout(silence);
  clearTimeout(keysEnd);
  const isWhole = key === now.finish || pressed.length === Number(now.digits) || now.next === "record";
  if (isWhole) sendKeys();
  else keysEnd = setTimeout(sendKeys, LAST_KEY_MS);
}

function sendKeys() {
  const keys = pressed;
  if (!keys) return;
  show("phone-mine phone-mine-keys", keys);
  send("press", keys);
}

/** What has arrived: remember what the call waits for, then hear what is said. */
async function take() {
  const arrived = [...by("phone-heard").querySelectorAll("[data-cue]:not([data-taken])")];
  const latest = by("phone-heard").querySelector(".phone-now");
  if (!latest) return;
  now = { ...latest.dataset };
  latest.remove();
  scroll();
  rest(now.next === "heard" ? "wait" : now.next);
  hearing += 1;
  const mine = hearing;
  for (const cue of arrived) cue.dataset.taken = "yes";
  for (const cue of arrived) {
    await heard(cue);
    if (mine !== hearing) return;
  }
  if (now.next === "heard") send("heard");
  else if (now.queue && now.timeout) silence = setTimeout(() => send("silence"), Number(now.timeout) * 1000);
}

function heard(cue) {
  if (cue.dataset.cue === "pause") return new Promise((done) => setTimeout(done, Number(cue.dataset.seconds) * 1000));
  return by("phone-aloud").checked && canSpeak() ? spoken(cue.textContent.trim(), cue.dataset.language) : Promise.resolve();
}

function spoken(words, language) {
  const wanted = /^(cmn|zh)/i.test(language) ? "zh-CN" : /^yue/i.test(language) ? "zh-HK" : language || "en-US";
  const voices = speechSynthesis.getVoices();
  const voice = voices.find((each) => each.lang.replace("_", "-") === wanted) ?? voices.find((each) => each.lang.startsWith(wanted.slice(0, 2)));
  by("phone-no-voice").hidden = Boolean(voice);
  if (!voice) return Promise.resolve();
  const saying = new SpeechSynthesisUtterance(words);
  Object.assign(saying, { voice, lang: voice.lang });
  return new Promise((done) => {
    saying.onend = done;
    saying.onerror = done;
    speechSynthesis.speak(saying);
  });
}

/** Show what the call waits for, and let only that be done. */
function rest(state) {
  page.dataset.state = state;
  const inCall = !["idle", "over"].includes(state);
  for (const part of page.querySelectorAll("[data-in-call]")) part.disabled = !inCall;
  const isAsked = ["gather", "record", "ring"].includes(state);
  for (const part of [by("phone-words"), by("phone-silence"), by("phone-say").querySelector("[type=submit]")]) part.disabled = !isAsked;
  if (state === "gather" && !now.speech) by("phone-words").disabled = true;
  for (const key of page.querySelectorAll("[data-key]")) key.disabled = !isAsked || !now.keys;
  by("phone-ring").disabled = inCall;
  const asked = now.keys && now.speech ? "both" : now.keys ? "keys" : "speech";
  const word = state === "gather" ? asked : state;
  by("phone-status").textContent = page.dataset[`say${word[0].toUpperCase()}${word.slice(1)}`] ?? "";
  if (state === "gather" && now.speech && !matchMedia("(pointer: coarse)").matches) by("phone-words").focus();
}

function show(look, words) {
  const line = document.createElement("li");
  line.className = `phone-line ${look}`;
  line.textContent = words;
  by("phone-heard").append(line);
  scroll();
}

function scroll() {
  const box = by("phone-heard").parentElement;
  box.scrollTop = box.scrollHeight;
}
