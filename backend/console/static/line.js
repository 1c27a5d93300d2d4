// A person's line of time by keyboard: h goes to it, the arrows walk through it, Enter opens a thing in place.
import { showBeside } from "./panels.js";

const summaries = () => [...document.querySelectorAll(".line .moment > summary")];

export function bindLine() {
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches(".line, .moment > summary")) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const all = summaries();
    const next = all[Math.max(0, all.indexOf(event.target) + by)];
    if (next) {
      next.focus();
      event.preventDefault();
    }
  });
}

export function goToLine() {
  const line = document.querySelector(".line");
  if (!line) return false;
  if (line.closest("#work")) showBeside(true);
  const go = () => {
    line.scrollIntoView({ block: "start" });
    (summaries()[0] ?? line).focus({ preventScroll: true });
  };
  go(); // what comes into view is fetched
  if (!line.querySelector(".moments")) {
    const came = (event) => {
      if (event.detail.ctx.target !== line) return;
      document.removeEventListener("htmx:after:swap", came);
      go();
    };
    document.addEventListener("htmx:after:swap", came);
  }
  return true;
}
