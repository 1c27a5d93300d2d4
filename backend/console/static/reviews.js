// Labelling by keyboard: j and k walk through the lines, y, x and u decide, l goes to the list of meanings.

let decided = null;

const lines = () => [...document.querySelectorAll(".review")];
const current = () => document.activeElement.closest(".review");

/** To the next line, or to the one before; false when this page has none. */
export function stepReviews(by) {
  const all = lines();
  const here = all.indexOf(current());
  const next = all[here < 0 ? 0 : Math.min(all.length - 1, Math.max(0, here + by))];
  if (next) goTo(next);
  return Boolean(next);
}

/** Press the button of the current line that goes by this key. */
export function decide(key) {
  const button = current()?.querySelector(`[data-key="${key}"]`);
  button?.click();
  return Boolean(button);
}

export function chooseMeaning() {
  const field = current()?.querySelector("select");
  field?.focus();
  return Boolean(field);
}

export function bindReviews() {
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches(".review select")) return;
    if (event.key === "Escape") goTo(current());
    if (event.key === "Enter" && event.target.value) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });
  document.addEventListener("submit", (event) => {
    decided = event.target.closest(".review");
  });
  document.addEventListener("htmx:after:swap", goOn);
}

/**
 * A line that has been decided stays in its place, to be undone; the next open one is at hand. While the decided one
 * still stands as it was, what has just been swapped is something else of the page, the alarm for example.
 */
function goOn() {
  if (!decided || decided.isConnected) return;
  const line = document.getElementById(decided.id);
  decided = null;
  if (!line) return;
  const all = lines();
  const open = all.slice(all.indexOf(line) + 1).find((each) => each.dataset.state === "open");
  goTo(line.dataset.state === "open" ? line : (open ?? line));
}

function goTo(line) {
  line.focus({ preventScroll: true });
  line.scrollIntoView({ block: "nearest" });
}
