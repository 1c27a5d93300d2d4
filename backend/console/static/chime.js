// A short sound when somebody waits, unless the agent has switched it off.
import { play } from "./sound.js";

const KEPT_AS = "hotline.chime";

export const isSinging = () => localStorage.getItem(KEPT_AS) !== "off";

export function sing(on) {
  localStorage.setItem(KEPT_AS, on ? "on" : "off");
  chime();
}

export function chime() {
  document.documentElement.dataset.chimed = String(isSinging());
  if (isSinging()) play([880, 1175], { volume: 0.1, seconds: 0.12, wave: "sine" });
}
