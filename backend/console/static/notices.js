// Short notices: what an action did, and errors told in the header `x-toast` of an answer.
import { refresh } from "./talk.js";

const SHOWN_MS = 6000;

export function note(text, tone = "green") {
  const place = document.getElementById("toasts");
  // They lie over the page: what was done before is no news any more, and a click puts any of them away.
  for (const old of [...place.children])
    if (old.textContent === text || (tone === "green" && old.matches(".toast-note-green"))) old.remove();
  const box = document.createElement("div");
  box.className = `toast-note toast-note-${tone}`;
  box.textContent = text;
  box.addEventListener("click", () => box.remove());
  place.append(box);
  setTimeout(() => box.remove(), SHOWN_MS);
}

export function bindNotices() {
  let running = 0;
  const busy = (by) => {
    running = Math.max(0, running + by);
    document.documentElement.classList.toggle("busy", running > 0);
  };
  document.addEventListener("htmx:before:request", () => busy(1));
  document.addEventListener("htmx:finally:request", () => busy(-1));
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const told = ctx.response.headers.get("x-toast");
    if (told) {
      const [tone, text] = told.split(";");
      note(decodeURIComponent(text), tone);
    }
    // Somebody was faster: show at once how it stands now.
    if (ctx.response.status === 409) {
      for (const pane of document.querySelectorAll(".talk, #filters, [data-live]")) refresh(pane);
    }
  });
  document.addEventListener("htmx:error", (event) => {
    const isOurs = event.detail.ctx?.sourceElement.matches("form:not(#filters)");
    if (isOurs) note(document.body.dataset.sayFailed, "red");
  });
}
