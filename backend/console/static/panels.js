// Things that open and close: help, the menu, the panel beside a conversation on narrow screens.
export function bindPanels() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    const menu = document.getElementById("menu");
    if (menu?.open && (opener || !menu.contains(event.target))) menu.open = false;
    if (opener) document.getElementById(opener.dataset.open).showModal();
    if (event.target.matches("dialog")) event.target.close();
    if (event.target.closest("#beside-toggle")) toggleBeside();
    if (event.target.closest("[data-close=beside]")) toggleBeside(false);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches(".tab input")) document.getElementById("filters").dataset.page = "0";
  });
}

function toggleBeside(open) {
  const beside = document.getElementById("beside");
  const isOpen = beside.classList.toggle("is-open", open);
  document.getElementById("beside-toggle").setAttribute("aria-expanded", String(isOpen));
  if (isOpen) beside.focus();
}
