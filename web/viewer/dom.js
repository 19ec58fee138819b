// Elements without HTML texts: whatever comes from users becomes a text node, and nothing else.

// h("a", {href: "/", class: "x", onclick: f}, "text", child, null): null and false are left out.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Brings the rows of `parent` in line with `items`; rows whose item is unchanged stay as they are, with their focus.
export function syncRows(parent, items, key, render) {
  const old = new Map([...parent.children].map((row) => [row.dataset.key, row]));
  const rows = items.map((item) => {
    const version = JSON.stringify(item);
    const before = old.get(key(item));
    if (before && before.version === version) return before;
    const row = render(item);
    row.dataset.key = key(item);
    row.version = version;
    return row;
  });
  const same = rows.length === parent.children.length && rows.every((row, i) => row === parent.children[i]);
  if (!same) parent.replaceChildren(...rows);
}

export function errorBox(error) {
  const lines = (error.problem?.diagnostics ?? []).map((d) => h("li", {}, `${d.line}:${d.column} ${d.message}`));
  return h("div", {class: "notice bad", role: "alert"},
    h("strong", {}, error.problem?.title ?? "That did not work"),
    h("p", {}, error.message),
    lines.length > 0 && h("ul", {}, lines));
}

export function emptyBox(title, ...more) {
  return h("div", {class: "empty"}, h("h2", {}, title), more);
}

export function pageHead(title, subtitle, ...actions) {
  return h("div", {class: "head"},
    h("div", {class: "head-text"}, h("h1", {}, title), subtitle),
    h("div", {class: "actions"}, actions));
}

export function copyButton(label, text) {
  const button = h("button", {type: "button", class: "quiet small", onclick: copy}, label);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed";
    }
    setTimeout(() => { button.textContent = label; }, 1500);
  }
  return button;
}

export const link = (href, text, attributes = {}) => h("a", {href, ...attributes}, text);
export const machineHref = (name) => `/state-machines/${encodeURIComponent(name)}`;
export const executionHref = (arn) => `/executions/${encodeURIComponent(arn)}`;
