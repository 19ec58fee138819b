// The viewer: which page an address shows, and the frame around it. No framework, no build step, no outside requests.
import {emptyBox, errorBox, link} from "./dom.js";
import {executionPage} from "./execution.js";
import {executionsPage} from "./executions.js";
import {machinePage} from "./machine.js";
import {machinesPage} from "./machines.js";
import {startPage} from "./start.js";

// Each page fills `page.root` and lives until `page.signal` aborts.
const routes = [
  [/^\/(?:state-machines\/?)?$/, "state-machines", machinesPage],
  [/^\/state-machines\/([^/]+)\/start$/, "state-machines", startPage],
  [/^\/state-machines\/([^/]+)$/, "state-machines", machinePage],
  [/^\/executions\/?$/, "executions", executionsPage],
  [/^\/executions\/(.+)$/, "executions", executionPage],
];

const root = document.getElementById("page");
let current = new AbortController();

function find(path) {
  for (const [pattern, section, show] of routes) {
    const match = pattern.exec(path);
    if (match) return {section, show, parameter: match[1] && decodeURIComponent(match[1])};
  }
  return null;
}

async function show() {
  current.abort();
  current = new AbortController();
  const {signal} = current;
  root.replaceChildren();
  document.title = "Pawl";
  let route = null;
  try {
    route = find(location.pathname);
  } catch {
    // a broken %-escape in the address: no page has it
  }
  for (const item of document.querySelectorAll("nav a")) {
    if (item.dataset.section === route?.section) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
  }
  if (!route) {
    root.append(emptyBox("There is no such page", link("/", "See all state machines")));
    return;
  }
  try {
    const page = {root, signal, title: (text) => { document.title = `${text} · Pawl`; }, go};
    await route.show(page, route.parameter, new URLSearchParams(location.search));
  } catch (error) {
    if (!signal.aborted) root.replaceChildren(errorBox(error), link("/", "See all state machines"));
  }
}

function go(href, {replace = false} = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", href);
  scrollTo(0, 0);
  show();
  root.focus({preventScroll: true});
}

document.addEventListener("click", (event) => {
  const anchor = event.target.closest?.("a[href]");
  if (!anchor || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const target = new URL(anchor.href);
  if (target.origin !== location.origin || target.hash || !find(target.pathname)) return;
  event.preventDefault();
  go(target.pathname + target.search);
});
addEventListener("popstate", show);

// Dark or light: as the system says, until somebody chooses.
const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
const store = (theme) => { try { localStorage.setItem("theme", theme); } catch { /* for this page only, then */ } };
if (stored()) document.documentElement.dataset.theme = stored();
document.getElementById("theme").addEventListener("click", () => {
  const now = document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  store(document.documentElement.dataset.theme);
});

show();
