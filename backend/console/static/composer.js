// Writing a reply: Enter sends (not while an input method is composing), drafts stay with their conversation.
import { openId } from "./talk.js";

const drafts = new Map();
const TELL_TYPING_MS = 2000;
let toldAt = 0;

const field = () => document.getElementById("reply");

export function bindComposer() {
  document.addEventListener("input", (event) => {
    if (event.target.id !== "reply") return;
    drafts.set(openId(), event.target.value);
    if (Date.now() - toldAt > TELL_TYPING_MS && event.target.value.trim()) {
      toldAt = Date.now();
      // Not worth a word when it fails: the customer only misses three dots.
      fetch(`/console/conversations/${openId()}/typing`, { method: "POST" }).catch(() => undefined);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches("#reply, #whisper") || event.key !== "Enter" || event.shiftKey) return;
    if (event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (event.target.value.trim()) event.target.form.requestSubmit();
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.sourceElement.id !== "composer" || ctx.response.status >= 400) return;
    drafts.delete(openId());
    field().value = "";
    field().focus();
  });
  // Whoever takes over by hand wants to write; with keys, r writes and the others still act.
  let writesNext = false;
  document.addEventListener("click", (event) => {
    writesNext = event.detail > 0 && Boolean(event.target.closest("#take, #reopen, #wake"));
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    restore();
    if (!writesNext || ctx.target?.id !== "work" || !field() || field().disabled) return;
    writesNext = false;
    field().focus();
  });
}

function restore() {
  const reply = field();
  if (reply && !reply.disabled && !reply.value && drafts.has(openId())) reply.value = drafts.get(openId());
}
