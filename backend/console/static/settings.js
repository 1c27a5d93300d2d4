// In the text of a table, go to the line that a fault names.
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
