/**
 * The hotline's chat, for any page, with one tag: <script src="https://your-hotline/widget.js" defer></script>
 * Works with or without type="module". A page may place <hotline-chat lang="en"> itself; otherwise one is added.
 */
const from = document.currentScript?.src;
import(from ? new URL("widget/element.js", from).href : "./widget/element.js").then(({ place }) => place());
