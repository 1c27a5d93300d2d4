// Calls and visits are dragged to another window. The house decides: what it refuses stays where it was, and says why.
let held = null;
let moved = "";

const cellOf = (event) => event.target.closest?.(".schedule-cell");

export function bindSchedule() {
  document.addEventListener("dragstart", (event) => {
    held = event.target.closest?.(".schedule-card[draggable]") ?? null;
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.id);
    held.closest(".schedule").classList.add("schedule-dragging");
  });
  document.addEventListener("dragover", (event) => {
    if (held && cellOf(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const cell = cellOf(event);
    if (!held || !cell) return;
    event.preventDefault();
    if (cell !== held.closest(".schedule-cell")) put(held, cell);
  });
  document.addEventListener("dragend", () => {
    held?.closest(".schedule")?.classList.remove("schedule-dragging");
    held = null;
  });
  document.addEventListener("submit", (event) => {
    moved = event.target.closest(".schedule-card")?.id ?? "";
  });
  const place = document.getElementById("schedule");
  if (place) new MutationObserver(goOn).observe(place, { childList: true, subtree: true });
}

/** Who moves cards by keyboard goes on with the same card, wherever it stands now. */
function goOn() {
  const card = moved && document.getElementById(moved);
  if (!card) return;
  moved = "";
  (card.querySelector("summary") ?? card.querySelector("a"))?.focus();
}

function put(card, cell) {
  const form = card.querySelector("form");
  const before = [form.elements.window.value, form.elements.column.value];
  choose(form.elements.window, cell.dataset.window);
  choose(form.elements.column, cell.dataset.column);
  form.requestSubmit();
  [form.elements.window.value, form.elements.column.value] = before; // as it stands until the house has agreed
}

function choose(field, value) {
  const known = !field.options || [...field.options].some((option) => option.value === value);
  if (!known) field.add(new Option(value, value));
  field.value = value;
}
