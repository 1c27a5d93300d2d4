// Runs before the first paint: an agent who lets the system choose sees no flash of the other theme.
(() => {
  const root = document.documentElement;
  if (root.dataset.theme !== "auto") return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => root.toggleAttribute("data-bs-theme", dark.matches) && root.setAttribute("data-bs-theme", "dark");
  apply();
  dark.addEventListener("change", apply);
})();
