// What stands around every page: the bar with its links, the theme, the help sheet, and the keys that work everywhere.
import type {ComponentChildren} from "preact";
import {useCallback, useEffect, useState} from "preact/hooks";
import {Dialog} from "./parts/basics.tsx";
import {navigate, useAddress} from "./router.ts";

const sections = [
  {id: "executions", href: "/executions", label: "Executions", key: "e"},
  {id: "state-machines", href: "/state-machines", label: "State machines", short: "Machines", key: "m"},
  {id: "functions", href: "/functions", label: "Functions", key: "f"},
  {id: "author", href: "/author", label: "Author", key: "a"},
];

const shortcuts: [string, string][] = [
  ["g e", "executions"], ["g m", "state machines"], ["g f", "functions"], ["g a", "author"],
  ["/", "search on this page"], ["?", "this help"], ["Esc", "close what is open"],
  ["j  k", "next, previous in the list of executions"], ["o", "open it"], ["x", "mark it"],
  ["1 … 4", "views of an execution"],
  ["↑  ↓", "in graph, timeline and events: from one to the next"], ["+  −", "in graph and timeline: zoom"], ["0", "in graph and timeline: show all"],
  ["Ctrl wheel", "zoom where the mouse is"], ["Ctrl Enter", "start with this input"],
];

type Theme = "system" | "light" | "dark";
const theme_key = "pawl.theme";
const themes: Theme[] = ["system", "light", "dark"];
const theme_signs: Record<Theme, string> = {system: "◐", light: "☀", dark: "☾"};

function readTheme(): Theme {
  try {
    const held = localStorage.getItem(theme_key);
    return held === "light" || held === "dark" ? held : "system";
  } catch {
    return "system";
  }
}

export function applyTheme(theme: Theme = readTheme()): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export function Shell({children}: {children: ComponentChildren}) {
  const {path} = useAddress();
  const [theme, setTheme] = useState(readTheme);
  const [help, setHelp] = useState(false);
  useKeys(useCallback(() => setHelp((open) => !open), []));
  const section = path[0] ?? "executions";
  const nextTheme = () => {
    const next = themes[(themes.indexOf(theme) + 1) % themes.length]!;
    setTheme(next);
    applyTheme(next);
    try {
      if (next === "system") localStorage.removeItem(theme_key);
      else localStorage.setItem(theme_key, next);
    } catch {
      // then for this page alone
    }
  };
  return (
    <>
      <a class="skip" href="#page">Skip to content</a>
      <header class="bar">
        <a class="brand" href="/"><img src="/assets/favicon.svg" alt="" width="24" height="24" />Pawl</a>
        <nav aria-label="Main">{sections.map((each) => <a key={each.id} href={each.href} aria-current={each.id === section ? "page" : undefined}>
          {each.short ? <><span class="if-wide">{each.label}</span><span class="if-narrow">{each.short}</span></> : each.label}</a>)}</nav>
        <div class="bar-end">
          <button type="button" class="quiet icon" aria-label={`Colours: ${theme}`} title={`Colours: ${theme}`} onClick={nextTheme}>{theme_signs[theme]}</button>
          <button type="button" class="quiet icon" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick={() => setHelp(true)}>?</button>
        </div>
      </header>
      <main id="page" tabIndex={-1}>{children}</main>
      {help && (
        <Dialog title="Keyboard shortcuts" onClose={() => setHelp(false)}>
          <dl class="shortcuts">{shortcuts.map(([keys, text]) => <div key={keys}><dt>{keys.split(" ").filter((key) => key).map((key) => <kbd key={key}>{key}</kbd>)}</dt><dd>{text}</dd></div>)}</dl>
          <p class="soft">The API behind these pages: <a href="/openapi.json">/openapi.json</a></p>
        </Dialog>
      )}
    </>
  );
}

function useKeys(toggleHelp: () => void): void {
  useEffect(() => {
    let after_g = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest("input, textarea, select, dialog")) {
        if (event.key === "Escape" && target.matches("input[type=search]")) (target as HTMLElement).blur();
        return;
      }
      const going = event.timeStamp - after_g < 1200;
      after_g = event.key === "g" ? event.timeStamp : -Infinity;
      const section = going ? sections.find((each) => each.key === event.key) : undefined;
      if (section) navigate(section.href);
      else if (event.key === "?") toggleHelp();
      else if (event.key === "/") document.querySelector<HTMLInputElement>("[data-search]")?.focus();
      else if (/^[1-6]$/.test(event.key) && !target?.closest(".graph-frame")) document.querySelectorAll<HTMLAnchorElement>(".tabs a")[Number(event.key) - 1]?.click();
      else if (event.key === "Escape") document.querySelector<HTMLButtonElement>(".inspector .detail-head button[aria-label=Close], .detail .detail-head button[aria-label=Close]")?.click();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [toggleHelp]);
}
