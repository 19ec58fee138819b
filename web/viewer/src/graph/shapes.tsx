// How boxes and lines of a graph are drawn. Colours come from style/graph.css, by class.
import {memo} from "preact/compat";
import {count, plural} from "../format.ts";
import type {VisitStatus} from "../trace/visit.ts";
import type {Box, Line, Point} from "./geometry.ts";

// One glyph a type, in a 16 × 16 field.
const icons: Record<string, string> = {
  Task: "M9.5 1.5 3.5 9h4l-1 5.5 6-7.5h-4z",
  Pass: "M2 8h10M8.5 4.5 12 8l-3.5 3.5",
  Choice: "M8 1.5 14.5 8 8 14.5 1.5 8zM8 5.2v3.6M8 10.6v.6",
  Wait: "M8 1.8a6.2 6.2 0 1 0 .01 0M8 4.5V8l2.4 1.6",
  Succeed: "M2.5 8.5 6.3 12.2 13.5 4.2",
  Fail: "M3.5 3.5 12.5 12.5M12.5 3.5 3.5 12.5",
  Parallel: "M8 1.5v3M3 14.5V8.2c0-2 1-3.2 3-3.2h4c2 0 3 1.2 3 3.2V14.5M8 5v9.5",
  Map: "M2 3.5h9v7H2zM5 10.5V13h9V6h-3",
};

interface Properties {
  box: Box;
  live: boolean;
  status: VisitStatus | null;
  visits: number;
  succeeded: number;
  failed: number;
  running: number;
  retries: number;
  length: string;
  chosen: boolean;
}

export const BoxShape = memo(function BoxShape({box, live, status, visits, succeeded, failed, running, retries, length, chosen}: Properties) {
  const {x, y, width, height} = box;
  if (box.kind === "start" || box.kind === "end") return <Dot box={box} />;
  if (box.kind === "branch") {
    return (
      <g class="branch">
        <rect x={x} y={y} width={width} height={height} rx="6" />
        <text x={x + 8} y={y + 15} class="box-detail">{box.title}</text>
      </g>
    );
  }
  const group = box.kind === "group";
  const look = `${group ? "group" : "state"} ${live ? status ?? "unreached" : "plain"}${chosen ? " chosen" : ""}`;
  const badge = badgeText(visits, succeeded, failed, running, retries, group ? length : "");
  return (
    <g class={look} data-state={box.state} data-status={status ?? (live ? "unreached" : undefined)}>
      <title>{`${box.state} (${box.type})`}</title>
      <rect x={x} y={y} width={width} height={height} rx={group ? 10 : 8} class="box" />
      {!group && <path d={`M${x + 8} ${y} a8 8 0 0 0 -8 8 v${height - 16} a8 8 0 0 0 8 8 z`} class="edge-mark" />}
      <g transform={`translate(${x + 14} ${y + (group ? 9 : height / 2 - 8)})`} class="icon-glyph"><path d={icons[box.type] ?? "M3 3h10v10H3z"} /></g>
      <text x={x + 38} y={y + (group ? 21 : height / 2 - 3)} class="box-title">{box.title}</text>
      {!group && <text x={x + 38} y={y + height / 2 + 13} class="box-detail">{box.subtitle}</text>}
      {badge && <Badge box={box} text={badge} />}
    </g>
  );
});

export const doneText = (succeeded: number, failed: number, running: number): string =>
  [succeeded && `${count(succeeded)} ✓`, failed && `${count(failed)} ✗`, running && `${count(running)} …`].filter(Boolean).join("  ");

function badgeText(visits: number, succeeded: number, failed: number, running: number, retries: number, length: string): string {
  const parts: string[] = [];
  if (length) parts.push(length);
  else if (visits > 1) {
    parts.push(failed > 0 || running > 0 ? doneText(succeeded, failed, running) : `${visits} ×`);
  }
  if (retries > 0) parts.push(`↻ ${plural(retries, "retry", "retries")}`);
  return parts.join("  ");
}

const shortest_overhang = 6;
const longest_overhang = 26;

// On the box's upper edge: above its title, and right of the arrow that ends in the middle if there is room.
function Badge({box, text}: {box: Box; text: string}) {
  const width = text.length * 5.9 + 14;
  const overhang = Math.min(longest_overhang, Math.max(shortest_overhang, width + 8 - box.width / 2));
  const left = box.x + box.width + overhang - width;
  return (
    <g class="badge">
      <rect x={left} y={box.y - 14} width={width} height="18" rx="9" />
      <text x={left + width / 2} y={box.y - 1} text-anchor="middle">{text}</text>
    </g>
  );
}

function Dot({box}: {box: Box}) {
  const radius = box.width / 2;
  return (
    <g class={`dot ${box.kind}`}>
      <circle cx={box.x + radius} cy={box.y + radius} r={radius - 1} />
      {box.kind === "end" && <circle cx={box.x + radius} cy={box.y + radius} r={radius - 5} class="inner" />}
    </g>
  );
}

// Corners rounded, so that a line of several pieces reads as one.
function pathOf(points: Point[]): string {
  const first = points[0];
  if (!first) return "";
  let path = `M${round(first.x)} ${round(first.y)}`;
  for (let i = 1; i < points.length - 1; i++) {
    const before = points[i - 1]!;
    const corner = points[i]!;
    const after = points[i + 1]!;
    const a = towards(corner, before);
    const b = towards(corner, after);
    path += ` L${round(a.x)} ${round(a.y)} Q${round(corner.x)} ${round(corner.y)} ${round(b.x)} ${round(b.y)}`;
  }
  const last = points[points.length - 1]!;
  return `${path} L${round(last.x)} ${round(last.y)}`;
}

const round = (n: number): string => n.toFixed(1);

function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = length === 0 ? 0 : Math.min(12, length / 2) / length;
  return {x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part};
}

export function LineShape({line, taken, faded}: {line: Line; taken: boolean; faded: boolean}) {
  const tone = taken ? (line.kind === "catch" ? "caught" : "taken") : "plain";
  const width = line.label.length * 5.7 + 10;
  return (
    <g class={`line ${line.kind} ${tone}${faded && !taken ? " faded" : ""}`} data-from={line.from} data-to={line.to} data-taken={taken ? "yes" : undefined}>
      {line.fullLabel && <title>{line.fullLabel}</title>}
      <path d={pathOf(line.points)} marker-end={`url(#arrow-${tone})`} />
      {line.labelAt && (
        <>
          <rect x={line.labelAt.x - width / 2} y={line.labelAt.y - 8} width={width} height="16" rx="4" />
          <text x={line.labelAt.x} y={line.labelAt.y + 4} text-anchor="middle">{line.label}</text>
        </>
      )}
    </g>
  );
}
