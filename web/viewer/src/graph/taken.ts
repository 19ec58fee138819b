import {lineKey} from "../trace/overlay.ts";
import type {Overlay} from "../trace/overlay.ts";
import type {Line} from "./geometry.ts";

// Whether an execution went along a line.
export function isTaken(line: Line, overlay: Overlay | null): boolean {
  if (!overlay) return false;
  if (line.kind === "start") return overlay.started.has(line.to);
  if (line.kind === "end") return overlay.ended.has(line.from);
  return overlay.taken.has(lineKey(line.from, line.to, line.kind === "catch"));
}
