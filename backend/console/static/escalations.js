// The board by keyboard: j and k walk through the cards, a takes care, u undoes, c comments, s settles.
import { isInUse } from "./talk.js";

let handled = "";

const cards = () => [...document.querySelectorAll(".esc")];
const current = () => document.activeElement.closest(".esc");

/** To the next card, or to the one before; false when this page has none. */
export function stepCards(by) {
  const all = cards();
  const here = all.indexOf(current());
  const next = all[here < 0 ? 0 : Math.min(all.length - 1, Math.max(0, here + by))];
  if (next) goTo(next);
  return Boolean(next);
}

/** Press what goes by this key on the current card. */
export function handle(key) {
  const button = current()?.querySelector(`[data-key="${key}"]`);
  button?.click();
  button?.parentElement.querySelector("textarea")?.focus();
  return Boolean(button);
}

export function bindEscalations() {
  document.addEventListener("submit", (event) => {
    handled = event.target.closest(".esc")?.id ?? "";
    const more = event.target.closest(".esc-more");
    if (more) more.open = false; // while it is open the board is not fetched anew
  });
  // A look at how things stand that was on its way when somebody began to write must not take the field away.
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx.sourceElement.id === "escalations" && isInUse(ctx.sourceElement)) event.preventDefault();
  });
  // The card is gone back to once its own step has been taken, not when the alarm or the board's news come meanwhile.
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.request.method !== "POST") return;
    const card = handled && document.getElementById(handled);
    handled = "";
    if (card) goTo(card);
  });
}

/** How many escalations this agent was told of; a growing number is told. */
export function showAlerts(count) {
  const badge = document.getElementById("alerts-badge");
  badge.hidden = !count;
  badge.querySelector("b").textContent = count;
}

function goTo(card) {
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}
