// Addresses: what is shown is always in the URL, so that every view can be linked to and the back button works.
import {useEffect, useState} from "preact/hooks";

export interface Address {
  path: string[];  // decoded segments
  query: URLSearchParams;
}

type Listener = () => void;
const listeners = new Set<Listener>();

function read(): Address {
  const path = location.pathname.split("/").filter((part) => part !== "").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;  // a lone % in an address that somebody typed
    }
  });
  return {path, query: new URLSearchParams(location.search)};
}

function changed(): void {
  for (const listener of [...listeners]) listener();
}

export function navigate(href: string, options: {replace?: boolean} = {}): void {
  if (href === location.pathname + location.search) return;
  if (options.replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  changed();
}

// The current address with changes to its query, as a link's target; null removes a part.
export function withQuery(changes: Record<string, string | null>): string {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return location.pathname + (text === "" ? "" : `?${text}`);
}

export function setQuery(changes: Record<string, string | null>, options: {replace?: boolean} = {}): void {
  navigate(withQuery(changes), options);
}

export function useAddress(): Address {
  const [address, setAddress] = useState(read);
  useEffect(() => {
    const listener = () => setAddress(read());
    listeners.add(listener);
    listener();
    return () => void listeners.delete(listener);
  }, []);
  return address;
}

// Links within the viewer change the page without loading it again.
export function startRouter(): void {
  addEventListener("popstate", changed);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const href = link?.getAttribute("href");
    if (!link || !href || !href.startsWith("/") || link.hasAttribute("download") || link.getAttribute("target")) return;
    if (href.startsWith("/openapi.json") || href.startsWith("/api/")) return;
    event.preventDefault();
    const samePage = href.split("?")[0] === location.pathname;
    navigate(href);
    if (!samePage) scrollTo(0, 0);
  });
}

export const executionHref = (arn: string, query = ""): string => `/executions/${encodeURIComponent(arn)}${query}`;
export const mapRunHref = (arn: string): string => `/map-runs/${encodeURIComponent(arn)}`;
export const machineHref = (name: string, rest = ""): string => `/state-machines/${encodeURIComponent(name)}${rest}`;
export const functionHref = (name: string): string => `/functions/${encodeURIComponent(name)}`;
