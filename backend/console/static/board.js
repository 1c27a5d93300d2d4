// Cards of the board are dragged to the columns their ticket may go to; by keyboard each has a form of its own.
import { note } from "./notices.js";

let held = null;

const columnOf = (event) => event.target.closest?.(".board-column");
const may = (column) => held.dataset.to.split(" ").includes(column.dataset.status);

export function bindBoard() {
  document.addEventListener("dragstart", (event) => {
    held = event.target.closest?.(".board-card[data-to]") ?? null;
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.id);
    for (const column of document.querySelectorAll(".board-column")) {
      column.classList.toggle("board-open", may(column));
    }
  });
  document.addEventListener("dragover", (event) => {
    if (held && columnOf(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const column = columnOf(event);
    if (!held || !column) return;
    event.preventDefault();
    if (column !== held.closest(".board-column")) put(held, column);
  });
  document.addEventListener("dragend", () => {
    held = null;
    for (const column of document.querySelectorAll(".board-open")) column.classList.remove("board-open");
  });
}

function put(card, column) {
  if (!may(column)) {
    note(document.getElementById("board").dataset.refused, "red");
    return;
  }
  const form = card.querySelector("form");
  form.elements.status.value = column.dataset.status;
  if (column.dataset.status === "waiting" && !form.elements.reason.value) {
    card.querySelector("details").open = true; // it needs a reason first
    form.elements.reason.focus();
    return;
  }
  form.requestSubmit();
}
