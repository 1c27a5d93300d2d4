/** Small helpers around the DOM. Nothing here, and nothing in the widget, ever parses HTML. */

/** Make an element: attributes starting with "on" are listeners, false leaves one out, children may be text. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

const SHAPES = {
  chat:
    "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H12l-4.5 4v-4h-1A2.5 2.5 0 0 1 4 13.5z" +
    "M8 8.5h8M8 11.8h5",
  drop: "M12 3.2c3.6 4 5.6 7 5.6 9.9a5.6 5.6 0 0 1-11.2 0c0-2.9 2-5.9 5.6-9.9zM9.3 13.6a2.8 2.8 0 0 0 2.7 2.6",
  close: "M6 9.5l6 6 6-6",
  more: "M12 6h.01M12 12h.01M12 18h.01",
  picture: "M5 5h14v14H5zM5 16l4.5-4.5 3.5 3.5 2.5-2.5L19 16M14.5 9h.01",
  send: "M20.5 3.5 3.5 10.2l6.6 3.2 3.2 6.6zM10.2 13.5l4.6-4.6",
};

/** A line icon; always beside or under a text label, so it is hidden from screen readers. */
export function icon(name) {
  const make = (tag, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    return node;
  };
  const svg = make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  svg.append(make("path", { d: SHAPES[name] }));
  return svg;
}

/** Set a node's text only when it differs, so that live regions are not read out again. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** JSON kept in the browser ("localStorage" or "sessionStorage"); null where storage is empty or forbidden. */
export function recall(store, key) {
  try {
    return JSON.parse(window[store].getItem(key));
  } catch {
    return null;
  }
}

/** Keep a value, or forget it with null. Says whether the browser allowed it. */
export function keep(store, key, value) {
  try {
    if (value === null) window[store].removeItem(key);
    else window[store].setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
