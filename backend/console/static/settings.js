// A table's settings: search its entries, put variables into a text, go to the line that a fault names.
let field = null; // the text last written in

document.addEventListener("focusin", (event) => {
  if (event.target.matches("#entry-form textarea")) field = event.target;
});

document.addEventListener("input", (event) => {
  if (event.target.id !== "entry-q") return;
  const wanted = event.target.value.trim().toLowerCase().split(/\s+/);
  let found = 0;
  for (const item of document.querySelectorAll("[data-found-by]")) {
    item.hidden = !wanted.every((word) => item.dataset.foundBy.includes(word));
    found += item.hidden ? 0 : 1;
  }
  for (const list of document.querySelectorAll("[data-entries]")) {
    list.hidden = !list.querySelector("[data-found-by]:not([hidden])");
  }
  document.getElementById("entry-none").hidden = found > 0;
});

document.addEventListener("click", (event) => {
  const variable = event.target.closest("[data-variable]");
  const text = field ?? document.querySelector("#entry-form textarea");
  if (!variable || !text) return;
  text.focus();
  text.setRangeText(variable.dataset.variable, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("click", (event) => {
  const fault = event.target.closest("[data-line]");
  const text = document.getElementById("settings-text");
  if (!fault || !text) return;
  event.preventDefault();
  const lines = text.value.split("\n");
  const line = Number(fault.dataset.line);
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  text.scrollTop = Math.max(0, (line - 4) * (text.scrollHeight / lines.length));
});
