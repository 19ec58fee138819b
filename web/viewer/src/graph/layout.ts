// Where everything goes. Each block (the machine, a branch, a Map's processor) is laid out by dagre on its own, inner
// ones first: a Parallel or Map is then a node as large as what it holds. Transitions never leave their block, so
// nothing crosses a group's border, and boxes can not overlap.
//
// Transitions that skip many ranks (every Catch of a long machine leads to one handler) would each cost a chain of
// dummy nodes and minutes in all; they are taken out and led around the side (bypass.ts).
import {Graph as DagreGraph, layout as dagreLayout} from "@dagrejs/dagre";
import type {Block, Edge, Graph, StateNode} from "../asl/definition.ts";
import {routeAround} from "./bypass.ts";
import {shortened, textWidth} from "./geometry.ts";
import type {Box, Line, Picture, Point} from "./geometry.ts";

const title_size = 13;
const detail_size = 11;
const label_size = 11;
const widest = 210;  // of a state's text
const state_height = 46;
const group_head = 34;
const branch_head = 22;
const gap = 14;  // between a group's border and what it holds
const dot = 18;
const small_dot = 8;
const rank_gap = 38;
const node_gap = 34;
const long_edge = 8;  // ranks
const large_block = 120;  // states: from here on a picture in half a second is worth more than its fewest crossings

interface Laid {
  width: number;
  height: number;
  boxes: Box[];
  lines: Line[];
}

interface Sized {
  width: number;
  height: number;
  inner: Laid | null;  // of a group: everything in it, relative to its corner
}

export interface LaidBlock {
  block: Block;
  center: Map<string, Point>;
  sizes: Map<string, {width: number; height: number}>;
  lines: Line[];
  width: number;
  height: number;
}

const start_id = "\u0001start";
const end_id = "\u0001end";

function shift(laid: Laid, x: number, y: number): Laid {
  const move = (point: Point): Point => ({x: point.x + x, y: point.y + y});
  return {
    ...laid,
    boxes: laid.boxes.map((box) => ({...box, x: box.x + x, y: box.y + y})),
    lines: laid.lines.map((line) => ({
      ...line, points: line.points.map(move), labelAt: line.labelAt ? move(line.labelAt) : null,
    })),
  };
}

function sizeOfState(state: StateNode): Sized {
  const title = textWidth(state.name, title_size);
  const detail = textWidth(state.detail || state.type, detail_size);
  return {width: Math.round(Math.max(96, Math.min(widest, Math.max(title, detail)) + 52)), height: state_height, inner: null};
}

function sizeOfGroup(state: StateNode, depth: number): Sized {
  const boxes: Box[] = [];
  const lines: Line[] = [];
  let x = gap;
  let height = 0;
  state.blocks.forEach((block, i) => {
    const laid = layoutBlock(block, depth + 1);
    const head = state.type === "Parallel" ? branch_head : 0;
    const width = Math.max(laid.width, textWidth(block.label, label_size) + 16) + (head ? 2 * gap : 0);
    if (head) {
      boxes.push({
        id: `branch ${state.name}\n${i}`, kind: "branch", state: "", title: block.label, subtitle: "", type: "",
        x, y: group_head, width, height: 0, depth: depth + 1,
      });
    }
    const moved = shift(laid, x + (width - laid.width) / 2, group_head + head + (head ? 4 : 0));
    boxes.push(...moved.boxes);
    lines.push(...moved.lines);
    x += width + gap;
    height = Math.max(height, laid.height + head + (head ? 4 + gap : 0));
  });
  for (const box of boxes) if (box.kind === "branch" && box.depth === depth + 1 && box.height === 0) box.height = height;
  const named = Math.min(widest, textWidth(state.name, title_size)) + 110;
  const inner: Laid = {width: Math.max(x, named), height: group_head + Math.max(height, 24) + gap, boxes, lines};
  if (x < named) return {width: named, height: inner.height, inner: shift(inner, (named - x) / 2, 0)};
  return {width: inner.width, height: inner.height, inner};
}

// Longest way from the start, without going round in circles: what dagre's ranks will be, roughly.
function ranksOf(block: Block, edges: Edge[]): Map<string, number> {
  const out = new Map<string, Edge[]>();
  for (const edge of edges) out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
  const order: string[] = [];
  const mark = new Map<string, "open" | "done">();
  const backward = new Set<Edge>();
  const roots = [block.startAt, ...block.states.map((state) => state.name)];
  for (const root of roots) {
    if (mark.has(root) || !block.states.some((state) => state.name === root)) continue;
    const stack = [{name: root, next: 0}];
    mark.set(root, "open");
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const edge = out.get(top.name)?.[top.next++];
      if (!edge) {
        mark.set(top.name, "done");
        order.push(top.name);
        stack.pop();
      } else if (mark.get(edge.to) === "open") {
        backward.add(edge);
      } else if (!mark.has(edge.to)) {
        mark.set(edge.to, "open");
        stack.push({name: edge.to, next: 0});
      }
    }
  }
  const rank = new Map<string, number>();
  for (const name of order.reverse()) {
    const own = rank.get(name) ?? 0;
    rank.set(name, own);
    for (const edge of out.get(name) ?? []) {
      if (!backward.has(edge)) rank.set(edge.to, Math.max(rank.get(edge.to) ?? 0, own + 1));
    }
  }
  return rank;
}

// Which transitions dagre lays out, and which are led around. Every state keeps a way in, so that ranks stay close.
function chooseEdges(block: Block): {near: Edge[]; far: Edge[]} {
  const real = block.edges.filter((edge) => edge.from !== edge.to);
  const rank = ranksOf(block, real);
  const span = (edge: Edge) => Math.abs((rank.get(edge.to) ?? 0) - (rank.get(edge.from) ?? 0));
  const near = real.filter((edge) => span(edge) <= long_edge);
  const far = real.filter((edge) => span(edge) > long_edge);
  const reached = new Set([block.startAt, ...near.map((edge) => edge.to)]);
  const kept: Edge[] = [];
  for (const edge of [...far].sort((a, b) => span(a) - span(b))) {
    if (reached.has(edge.to)) continue;
    reached.add(edge.to);
    kept.push(edge);
  }
  return {near: [...near, ...kept], far: far.filter((edge) => !kept.includes(edge))};
}

function edgeLine(block: Block, edge: Edge): Line {
  return {
    id: `${block.id}\n${edge.from}\n${edge.to}\n${edge.kind === "catch" ? "catch" : "go"}`,
    from: edge.from, to: edge.to, block: block.id, kind: edge.kind,
    label: shortened(edge.label, label_size, 150), fullLabel: edge.label, points: [], labelAt: null,
  };
}

// Back to itself: a loop at the right side.
function loopLine(line: Line, center: Point, size: {width: number; height: number}): Line {
  const right = center.x + size.width / 2;
  const points = [
    {x: right, y: center.y - 10}, {x: right + 22, y: center.y - 12}, {x: right + 22, y: center.y + 12}, {x: right, y: center.y + 10},
  ];
  return {...line, points, labelAt: line.label ? {x: right + 26 + textWidth(line.label, label_size) / 2, y: center.y} : null};
}

function layoutBlock(block: Block, depth: number): Laid {
  const graph = new DagreGraph({multigraph: true});
  graph.setGraph({
    rankdir: "TB", ranksep: rank_gap, nodesep: node_gap, edgesep: 18, marginx: 4, marginy: 4,
    ranker: block.states.length > large_block ? "longest-path" : "network-simplex",
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const sized = new Map<string, Sized>();
  for (const state of block.states) {
    const size = state.blocks.length > 0 ? sizeOfGroup(state, depth) : sizeOfState(state);
    sized.set(state.name, size);
    graph.setNode(state.name, {width: size.width, height: size.height});
  }
  const {near, far} = chooseEdges(block);
  const lines: Line[] = [];
  const pending: {v: string; w: string; name: string; line: Line}[] = [];
  const connect = (v: string, w: string, line: Line, weight: number) => {
    const name = line.id;
    const width = line.label ? textWidth(line.label, label_size) + 10 : 0;
    graph.setEdge(v, w, {width, height: line.label ? 16 : 0, labelpos: "c", weight}, name);
    pending.push({v, w, name, line});
  };
  const top = block.owner === null;
  const mark = top ? dot : small_dot;
  if (sized.has(block.startAt)) {
    graph.setNode(start_id, {width: mark, height: mark});
    connect(start_id, block.startAt, {
      id: `${block.id}\nstart`, from: "", to: block.startAt, block: block.id, kind: "start", label: "", fullLabel: "", points: [], labelAt: null,
    }, 4);
  }
  for (const edge of near) connect(edge.from, edge.to, edgeLine(block, edge), edge.kind === "next" ? 3 : edge.kind === "catch" ? 1 : 2);
  const terminals = block.states.filter((state) => state.terminal);
  // Many ends far apart would each need a long line to one dot.
  const one_end = top && terminals.length > 0 && terminals.length <= 12 && block.states.length <= 80;
  if (one_end) {
    graph.setNode(end_id, {width: mark, height: mark});
    for (const state of terminals) {
      connect(state.name, end_id, {
        id: `${block.id}\n${state.name}\nend`, from: state.name, to: "", block: block.id, kind: "end", label: "", fullLabel: "", points: [], labelAt: null,
      }, 1);
    }
  }
  if (graph.nodeCount() > 0) dagreLayout(graph, {disableOptimalOrderHeuristic: block.states.length > large_block});

  const center = new Map<string, Point>();
  const sizes = new Map<string, {width: number; height: number}>();
  for (const id of graph.nodes()) {
    const node = graph.node(id) as {x: number; y: number; width: number; height: number};
    center.set(id, {x: node.x, y: node.y});
    sizes.set(id, {width: node.width, height: node.height});
  }
  for (const {v, w, name, line} of pending) {
    const edge = graph.edge({v, w, name}) as {points?: Point[]; x?: number; y?: number};
    lines.push({
      ...line, points: (edge.points ?? []).map(({x, y}) => ({x, y})),
      labelAt: line.label && edge.x !== undefined && edge.y !== undefined ? {x: edge.x, y: edge.y} : null,
    });
  }
  for (const edge of block.edges) {
    if (edge.from !== edge.to) continue;
    lines.push(loopLine(edgeLine(block, edge), center.get(edge.from)!, sizes.get(edge.from)!));
  }
  const measured = graph.graph() as {width?: number; height?: number};
  const routed = routeAround({
    block, center, sizes, lines, width: finite(measured.width), height: finite(measured.height),
  }, far.map((edge) => edgeLine(block, edge)));
  const drawn = boxesOf(block, depth, center, sized, mark);
  return {width: routed.width, height: routed.height, boxes: drawn.boxes, lines: [...routed.lines, ...drawn.lines]};
}

const finite = (value: number | undefined): number => (value !== undefined && Number.isFinite(value) ? value : 0);

// The block's boxes, each group followed by what it holds.
function boxesOf(block: Block, depth: number, center: Map<string, Point>, sized: Map<string, Sized>, mark: number):
  {boxes: Box[]; lines: Line[]} {
  const boxes: Box[] = [];
  const lines: Line[] = [];
  for (const [kind, id] of [["start", start_id], ["end", end_id]] as const) {
    const at = center.get(id);
    if (!at) continue;
    boxes.push({
      id: `${kind} ${block.id}`, kind, state: "", title: "", subtitle: "", type: "", depth,
      x: at.x - mark / 2, y: at.y - mark / 2, width: mark, height: mark,
    });
  }
  for (const state of block.states) {
    const at = center.get(state.name);
    const size = sized.get(state.name);
    if (!at || !size) continue;
    const x = at.x - size.width / 2;
    const y = at.y - size.height / 2;
    const detail_room = size.inner ? size.width - 70 - textWidth(state.name, title_size) : size.width - 48;
    boxes.push({
      id: `state ${state.name}`, kind: size.inner ? "group" : "state", state: state.name, type: state.type, depth,
      title: shortened(state.name, title_size, size.width - 48),
      subtitle: detail_room > 30 ? shortened(state.detail || state.type, detail_size, detail_room) : "",
      x, y, width: size.width, height: size.height,
    });
    if (!size.inner) continue;
    const inner = shift(size.inner, x, y);
    boxes.push(...inner.boxes);
    lines.push(...inner.lines);
  }
  return {boxes, lines};
}

export function layoutGraph(graph: Graph): Picture {
  const laid = shift(layoutBlock(graph.top, 0), 12, 12);
  return {width: laid.width + 24, height: laid.height + 24, boxes: laid.boxes, lines: laid.lines};
}
