// Transitions that skip many ranks, led around the side of their block: down into the free space under the state's
// row, out to a lane at the right, along it, and in again above the target's row. All that lead to one state share its
// lane. Rows are free of states between them, so these lines cross lines but no box.
import type {LaidBlock} from "./layout.ts";
import type {Line, Point} from "./geometry.ts";

const lane_width = 14;
const most_lanes = 24;
const margin = 18;
const above = 12;  // how far from a row its horizontal line runs
const arrow = 4;

interface Row {
  top: number;
  bottom: number;
}

// States of one rank have one center: dagre aligns them.
function rowsOf(laid: LaidBlock): Map<number, Row> {
  const rows = new Map<number, Row>();
  for (const [id, {y}] of laid.center) {
    const half = (laid.sizes.get(id)?.height ?? 0) / 2;
    const key = Math.round(y);
    const row = rows.get(key);
    rows.set(key, {top: Math.min(row?.top ?? Infinity, y - half), bottom: Math.max(row?.bottom ?? -Infinity, y + half)});
  }
  return rows;
}

export function routeAround(laid: LaidBlock, far: Line[]): {width: number; height: number; lines: Line[]} {
  if (far.length === 0) return {width: laid.width, height: laid.height, lines: laid.lines};
  const rows = rowsOf(laid);
  const rowAt = (point: Point): Row => rows.get(Math.round(point.y)) ?? {top: point.y, bottom: point.y};
  const lanes = new Map<string, number>();
  let height = laid.height;
  const lines = far.map((line): Line => {
    const from = laid.center.get(line.from);
    const to = laid.center.get(line.to);
    if (!from || !to) return line;
    if (!lanes.has(line.to)) lanes.set(line.to, lanes.size % most_lanes);
    const x = laid.width + margin + lanes.get(line.to)! * lane_width;
    const out = rowAt(from).bottom + above;
    const back = rowAt(to).top - above;
    height = Math.max(height, out + margin);
    // To the right of the middle, where the line to the next state begins.
    const leave = from.x + Math.min(24, (laid.sizes.get(line.from)?.width ?? 0) / 4);
    const arrive = to.x + Math.min(24, (laid.sizes.get(line.to)?.width ?? 0) / 4);
    const half_from = (laid.sizes.get(line.from)?.height ?? 0) / 2;
    const half_to = (laid.sizes.get(line.to)?.height ?? 0) / 2;
    return {
      ...line,
      points: [
        {x: leave, y: from.y + half_from}, {x: leave, y: out}, {x, y: out}, {x, y: back}, {x: arrive, y: back},
        {x: arrive, y: to.y - half_to - arrow / 4},
      ],
    };
  });
  const used = Math.min(lanes.size, most_lanes);
  return {width: laid.width + 2 * margin + used * lane_width, height, lines: [...laid.lines, ...lines]};
}
