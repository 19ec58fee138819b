// A definition's picture, laid out by the worker; kept, since one definition is looked at again and again.
import {useEffect, useState} from "preact/hooks";
import type {Picture} from "./geometry.ts";
import type {LayoutAnswer, LayoutRequest} from "./layout_worker.ts";

interface TrustedTypes {
  createPolicy: (name: string, rules: {createScriptURL: (url: string) => string}) => {createScriptURL: (url: string) => unknown};
}

const address = "/assets/layout.js";
const kept_pictures = 20;
const pictures = new Map<string, Picture | null>();
const waiting = new Map<number, {definition: string; done: (picture: Picture | null) => void}>();
let worker: Worker | null = null;
let last_id = 0;

// The page's security policy wants scripts' addresses vouched for; this one is a constant.
function trusted(url: string): string {
  const trustedTypes = (globalThis as {trustedTypes?: TrustedTypes}).trustedTypes;
  if (!trustedTypes) return url;
  return trustedTypes.createPolicy("pawl-layout", {createScriptURL: () => address}).createScriptURL(url) as string;
}

function start(): Worker {
  const made = new Worker(trusted(address));
  made.addEventListener("message", (event: MessageEvent<LayoutAnswer>) => {
    const asked = waiting.get(event.data.id);
    waiting.delete(event.data.id);
    if (!asked) return;
    pictures.set(asked.definition, event.data.picture);
    for (const oldest of pictures.keys()) {
      if (pictures.size <= kept_pictures) break;
      pictures.delete(oldest);
    }
    asked.done(event.data.picture);
  });
  return made;
}

// undefined: being laid out; null: there is nothing to draw.
export function usePicture(definition: string | null): Picture | null | undefined {
  const [state, setState] = useState<{definition: string; picture: Picture | null} | null>(null);
  useEffect(() => {
    if (definition === null || pictures.has(definition)) return;
    worker ??= start();
    const id = ++last_id;
    waiting.set(id, {definition, done: (picture) => setState({definition, picture})});
    const request: LayoutRequest = {id, definition};
    worker.postMessage(request);
    return () => void waiting.delete(id);
  }, [definition]);
  if (definition === null) return undefined;
  if (pictures.has(definition)) return pictures.get(definition);
  return state?.definition === definition ? state.picture : undefined;
}
