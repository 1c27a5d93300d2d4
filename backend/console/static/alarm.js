// Danger nobody has acknowledged: a banner, a sign in the tab's title, and a sound until somebody acts or mutes it.
import { play } from "./sound.js";
import { showAlarms } from "./talk.js";

const MUTED_AS = "hotline.muted-alarms";
const BEEP_EVERY_MS = 2500;
let beeping = null;

const shown = () => [...document.querySelectorAll("[data-alarm]")].map((each) => each.dataset.alarm);
const muted = () => JSON.parse(localStorage.getItem(MUTED_AS) ?? "[]");

export function bindAlarm() {
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#mute")) return;
    // Only what is shown now is muted: the next danger is heard again.
    localStorage.setItem(MUTED_AS, JSON.stringify(isMuted() ? [] : shown()));
    settle();
  });
  document.addEventListener("htmx:after:swap", settle);
  settle();
}

const isMuted = () => shown().every((each) => muted().includes(each));

function settle() {
  const count = shown().length;
  showAlarms(count);
  const button = document.getElementById("mute");
  if (button) {
    button.textContent = isMuted() ? document.body.dataset.sayUnmute : document.body.dataset.sayMute;
    button.setAttribute("aria-pressed", String(isMuted()));
  }
  sound(count > 0 && !isMuted());
}

function sound(on) {
  document.documentElement.dataset.sounding = String(on);
  if (!on) {
    clearInterval(beeping);
    beeping = null;
  } else if (!beeping) {
    beep();
    beeping = setInterval(beep, BEEP_EVERY_MS);
  }
}

/** Two tones, the second higher: heard over a talk, and unlike any telephone. */
function beep() {
  play([660, 990], { volume: 0.25, seconds: 0.25, wave: "triangle" });
}
