// Working in the open conversation: panels over the composer, canned replies, one-click texts, the chime.
import { isSinging, sing } from "./chime.js";
import { openId } from "./talk.js";

const fields = new Map(); // what stands in the panels' fields, by conversation and field

const work = () => document.getElementById("work");
const reply = () => document.getElementById("reply");

export function bindWork() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-panel]");
    if (opener && opener !== work()) showPanel(work().dataset.panel === opener.dataset.panel ? "" : opener.dataset.panel);
    const text = event.target.closest("[data-insert]");
    if (text) insert(text.dataset.insert);
    const name = event.target.closest("[data-name]");
    if (name) putIn(document.getElementById("note-text"), `@${name.dataset.name} `);
    if (event.target.closest("#chime")) sing(!isSinging());
    showChime();
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-draft]")) fields.set(`${openId()} ${event.target.id}`, event.target.value);
    if (event.target.id === "reply") searchCanned();
  });
  document.addEventListener("keydown", walkCanned, true);
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (!ctx.sourceElement.matches?.("[data-closes-panel]") || ctx.response.status >= 400) return;
    for (const field of ctx.sourceElement.querySelectorAll("[data-draft]")) {
      field.value = "";
      fields.delete(`${openId()} ${field.id}`);
    }
    showPanel("");
  });
  document.addEventListener("htmx:after:swap", restore);
  showChime();
}

/** Show one panel over the composer; the empty name closes all. What is inside #work is fetched anew now and then, so
 * the name stands on #work itself, with the conversation it belongs to. */
export function showPanel(name) {
  const place = work();
  if (!place) return false;
  const panel = name && document.getElementById(`panel-${name}`);
  if (name && !panel) return false;
  place.dataset.panel = name;
  place.dataset.panelOf = openId();
  if (name === "book") document.getElementById("book-windows").dispatchEvent(new CustomEvent("windows"));
  if (name === "canned") reply()?.focus();
  else if (panel) panel.querySelector("textarea, select, input:not([type=hidden]), .panel-choices button")?.focus();
  if (name === "canned") searchCanned();
  return true;
}

export const panelShown = () => work()?.dataset.panel ?? "";

function restore() {
  if (work()?.dataset.panelOf !== openId()) showPanel("");
  for (const field of document.querySelectorAll("#work [data-draft]")) {
    const kept = fields.get(`${openId()} ${field.id}`);
    if (kept && !field.value) field.value = kept;
  }
  if (panelShown() === "canned") searchCanned();
  showChime();
}

function insert(text) {
  const field = reply();
  if (!field || field.disabled) return;
  if (field.value.startsWith("/")) field.value = "";
  putIn(field, `${field.value && !/\s$/.test(field.value) ? "\n" : ""}${text}`);
  showPanel("");
}

function putIn(field, text) {
  field.focus();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

const choices = () => [...document.querySelectorAll("#canned-list li:not([hidden]) button")];

/** "/" at the beginning of a reply opens the canned ones; what follows is searched for in them. */
function searchCanned() {
  const value = reply()?.value ?? "";
  const searches = value.startsWith("/") && !value.includes("\n");
  if (searches && panelShown() !== "canned") return showPanel("canned");
  if (panelShown() !== "canned") return undefined;
  const wanted = searches ? value.slice(1).trim().toLowerCase().split(/\s+/) : [];
  for (const item of document.querySelectorAll("#canned-list li"))
    item.hidden = !wanted.every((word) => item.dataset.foundBy.includes(word));
  document.getElementById("canned-none").hidden = choices().length > 0;
  const named = choices().find((button) => wanted.every((word) => button.firstChild.textContent.toLowerCase().includes(word)));
  const chosen = searches ? named ?? choices()[0] : null;
  choices().forEach((button) => button.classList.toggle("is-chosen", button === chosen));
  return undefined;
}

/** Arrows walk through the canned replies, Enter takes the chosen one. */
function walkCanned(event) {
  if (event.target.id !== "reply" || panelShown() !== "canned" || event.isComposing) return;
  const buttons = choices();
  const at = buttons.findIndex((button) => button.classList.contains("is-chosen"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = Math.min(buttons.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)));
    buttons.forEach((button, place) => button.classList.toggle("is-chosen", place === next));
    buttons[next]?.scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && at >= 0) {
    buttons[at].click();
  } else if (event.key === "Escape") {
    showPanel("");
    return;
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function showChime() {
  document.getElementById("chime")?.setAttribute("aria-pressed", String(isSinging()));
}
