// Which iteration of each Map the graph shows; all of them together unless somebody picks one.
import {useMemo} from "preact/hooks";
import {statusName} from "../format.ts";
import {NumberInput} from "../parts/number_input.tsx";
import type {Picked} from "../trace/overlay.ts";
import type {Trace} from "../trace/trace.ts";
import type {Scope} from "../trace/visit.ts";

// In the address: "Name~3,Other~0", names percent-encoded.
export function readPicked(text: string): Map<string, number> {
  const picked = new Map<string, number>();
  for (const part of text.split(",")) {
    const at = part.lastIndexOf("~");
    if (at <= 0) continue;
    try {
      picked.set(decodeURIComponent(part.slice(0, at)), Number(part.slice(at + 1)) || 0);
    } catch {
      // an address that somebody changed by hand
    }
  }
  return picked;
}
export const writePicked = (picked: Picked): string =>
  [...picked].map(([name, index]) => `${encodeURIComponent(name).replaceAll("~", "%7E")}~${index}`).join(",");

interface MapState {
  name: string;
  indices: number[];
  failed: number[];
}

// The Maps that were entered, with the iterations they have had.
function mapsOf(trace: Trace): MapState[] {
  const byName = new Map<string, Map<number, boolean>>();
  for (const scope of trace.scopes as Scope[]) {
    if (scope.kind !== "iteration" || !scope.owner) continue;
    const seen = byName.get(scope.owner.state) ?? new Map<number, boolean>();
    byName.set(scope.owner.state, seen);
    seen.set(scope.index, (seen.get(scope.index) ?? false) || scope.status === "failed");
  }
  return [...byName].map(([name, seen]) => ({
    name, indices: [...seen.keys()].sort((a, b) => a - b), failed: [...seen].filter(([, bad]) => bad).map(([index]) => index),
  }));
}

export function MapPicker({trace, version, picked, onPick}: {trace: Trace; version: number; picked: Picked; onPick: (map: string, index: number | null) => void}) {
  const maps = useMemo(() => mapsOf(trace), [trace, version]);
  if (maps.length === 0) return null;
  return <div class="map-pickers">{maps.map((map) => <Picker key={map.name} map={map} index={picked.get(map.name) ?? null} onPick={onPick} />)}</div>;
}

function Picker({map, index, onPick}: {map: MapState; index: number | null; onPick: (map: string, index: number | null) => void}) {
  const at = index === null ? -1 : map.indices.indexOf(index);
  const go = (to: number | undefined) => onPick(map.name, to ?? null);
  const failed = map.failed[0];
  return (
    <div class="map-picker" role="group" aria-label={`Iterations of ${map.name}`}>
      <span class="map-name" title={map.name}>{map.name}</span>
      <button type="button" aria-pressed={index === null} onClick={() => onPick(map.name, null)}>all {map.indices.length}</button>
      <button type="button" class="icon" aria-label="Earlier iteration" disabled={at <= 0} onClick={() => go(map.indices[at - 1])}>‹</button>
      <NumberInput label={`Iteration of ${map.name}`} placeholder="#" value={index === null ? "" : String(index)}
        onCommit={(wanted) => { if (map.indices.includes(wanted)) go(wanted); }} />
      <button type="button" class="icon" aria-label="Later iteration" disabled={at >= map.indices.length - 1} onClick={() => go(map.indices[at + 1])}>›</button>
      {failed !== undefined && <button type="button" class="bad-text" onClick={() => go(map.failed[(map.failed.indexOf(index ?? -1) + 1) % map.failed.length])}>
        {map.failed.length} {statusName("FAILED").toLowerCase()}</button>}
    </div>
  );
}
