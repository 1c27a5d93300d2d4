/** The page's language, kept for the next visit and shared with the widget, and an honest word while the bot starts. */
import { keep, recall } from "/widget/dom.js";

const LANGUAGE = "hotline-language";
const root = document.documentElement;
const button = document.querySelector("#language");
const notice = document.querySelector("#readiness");

function show(language) {
  root.lang = language === "en" ? "en" : "zh-CN";
  document.title = document.querySelector(`[data-title][lang="${root.lang}"]`).dataset.title;
  button.setAttribute("aria-label", language === "en" ? "切换到中文" : "Switch to English");
}

function choose(language) {
  keep("localStorage", LANGUAGE, language);
  show(language);
}

async function tellReadiness() {
  const bot = await fetch("/readyz", { cache: "no-store" }).then((response) => response.json()).then(
    (ready) => ready.bot,
    () => "unknown",
  );
  for (const text of notice.children) text.hidden = text.dataset.when !== bot;
  if (bot !== "ready") setTimeout(tellReadiness, 4000);
}

const asked = new URLSearchParams(location.search).get("lang");
if (asked) choose(/^en/i.test(asked) ? "en" : "zh");
else show(recall("localStorage", LANGUAGE) ?? "zh");
button.addEventListener("click", () => choose(root.lang === "en" ? "zh" : "en"));
addEventListener("hotline-language", ({ detail }) => show(detail.language));
for (const opener of document.querySelectorAll("[data-open-chat]")) {
  opener.addEventListener("click", () => document.querySelector("hotline-chat")?.open?.());
}
tellReadiness();
