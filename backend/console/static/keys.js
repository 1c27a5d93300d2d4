// Everything by keyboard. Single keys act only outside of fields, and can be switched off in the help.
import { goToLine } from "./line.js";
import { showBeside } from "./panels.js";
import { handle, stepCards } from "./escalations.js";
import { panelShown, showPanel } from "./work.js";
import { chooseMeaning, decide, stepReviews } from "./reviews.js";

const KEPT_AS = "hotline.single-keys";

export function bindKeys() {
  const box = document.getElementById("single-keys");
  box.checked = localStorage.getItem(KEPT_AS) !== "off";
  box.addEventListener("change", () => localStorage.setItem(KEPT_AS, box.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return leave();
    const inField = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog[open]");
    if (inField || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !box.checked) return undefined;
    return press(event);
  });
}

const ACTIONS = {
  j: () => stepReviews(1) || stepCards(1) || step(1),
  k: () => stepReviews(-1) || stepCards(-1) || step(-1),
  y: () => decide("y"),
  x: () => decide("x"),
  u: () => decide("u") || handle("u") || click("take-back") || click("followup-take-back"),
  a: () => handle("a"),
  c: () => handle("c"),
  s: () => handle("s") || click("snooze"),
  f: () => click("pass-on"),
  w: () => click("wrap-up"),
  m: () => click("note"),
  p: () => click("book"),
  h: goToLine,
  v: () => click("watch") || click("leave"),
  g: () => click("take-from"),
  n: () => click("next-take") || click("next-followup") || click("next-conversation"),
  l: chooseMeaning,
  ArrowDown: () => document.activeElement.matches(".row-link") && step(1, false),
  ArrowUp: () => document.activeElement.matches(".row-link") && step(-1, false),
  t: () => click("take"),
  b: () => click("hand-back"),
  r: () => focus("reply") || focus("whisper"),
  i: () => click("beside-toggle"),
  "/": () => focus("q") || focus("ticket-q"),
  "?": () => document.getElementById("help").showModal() ?? true,
  0: () => click("show-number"),
};
for (let number = 1; number <= 7; number += 1) ACTIONS[number] = () => tab(number - 1) || settle(number);

function press(event) {
  if (ACTIONS[event.key]?.()) event.preventDefault();
}

function step(by, opens = true) {
  const rows = [...document.querySelectorAll(".row-link")];
  if (!rows.length) return false;
  const focused = rows.indexOf(document.activeElement);
  const current = focused >= 0 ? focused : rows.findIndex((row) => row.getAttribute("aria-current"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, current + by))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  if (opens) next.click();
  return true;
}

function click(id) {
  const button = document.getElementById(id);
  if (!button || button.offsetParent === null) return false;
  button.click();
  return true;
}

function focus(id) {
  const field = document.getElementById(id);
  if (!field || field.disabled || field.offsetParent === null) return false;
  field.focus();
  return true;
}

function tab(place) {
  const input = document.querySelectorAll(".tab input")[place];
  input?.click();
  return Boolean(input);
}

/** Press the outcome of the call in hand that goes by this number. */
function settle(number) {
  const button = document.querySelector(`[data-outcome="${number}"]`);
  button?.click();
  return Boolean(button);
}

function leave() {
  if (panelShown()) {
    showPanel("");
    document.activeElement.blur();
    return;
  }
  document.getElementById("menu").open = false;
  if (document.activeElement.matches("input, textarea")) document.activeElement.blur();
  showBeside(false);
}
