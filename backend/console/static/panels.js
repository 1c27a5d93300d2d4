// Things that open and close: help, the menu, the panel beside a conversation on narrow screens.
import { openId } from "./talk.js";

const SHOWN = "shows-beside"; // on #work itself: what is inside it is fetched anew now and then
let shownFor = "";

export function bindPanels() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    const menu = document.getElementById("menu");
    if (menu?.open && (opener || !menu.contains(event.target))) menu.open = false;
    if (opener) document.getElementById(opener.dataset.open).showModal();
    if (event.target.matches("dialog")) event.target.close();
    if (event.target.closest("#beside-toggle")) showBeside(!document.getElementById("work").classList.contains(SHOWN));
    if (event.target.closest("[data-close=beside]")) showBeside(false);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches(".tab input")) document.getElementById("filters").dataset.page = "0";
  });
  document.addEventListener("htmx:after:swap", () => {
    if (shownFor && shownFor !== openId()) showBeside(false);
    tellState();
  });
}

export function showBeside(isShown) {
  const work = document.getElementById("work");
  if (!work) return;
  work.classList.toggle(SHOWN, isShown);
  shownFor = isShown ? openId() : "";
  tellState();
  if (isShown) document.getElementById("beside").focus();
}

function tellState() {
  document.getElementById("beside-toggle")?.setAttribute("aria-expanded", String(Boolean(shownFor)));
}
