// A definition's graph to look at and to walk through: pan by dragging or scrolling, zoom by pinching or Ctrl and the
// wheel, arrow keys from state to state. The picture is drawn once; moving it only changes one transform.
import {memo} from "preact/compat";
import {useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState} from "preact/hooks";
import type {MapRun} from "../api/types.ts";
import type {Overlay} from "../trace/overlay.ts";
import type {Visit} from "../trace/visit.ts";
import {plural, visitName} from "../format.ts";
import type {Box, Line, Picture} from "./geometry.ts";
import {BoxShape, doneText, LineShape} from "./shapes.tsx";
import {isTaken} from "./taken.ts";

interface Properties {
  picture: Picture;
  overlay: Overlay | null;
  runs?: Runs;  // of its Maps in distributed mode, by ARN
  attention?: Visit | null;  // what is brought into view at first
  chosen: string | null;
  onChoose: (state: string | null) => void;
  label: string;
}

interface View {
  x: number;
  y: number;
  scale: number;
}

const smallest = 0.02;
const largest = 3;
const readable = 0.3;  // below it texts are left out
const tall_box = 240;  // of a higher one its upper part counts

type Runs = ReadonlyMap<string, MapRun>;
const no_runs: Runs = new Map();

export function GraphView({picture, overlay, runs = no_runs, attention = null, chosen, onChoose, label}: Properties) {
  const frame = useRef<HTMLDivElement>(null);
  const layer = useRef<SVGGElement>(null);
  const view = useRef<View>({x: 0, y: 0, scale: 1});
  const [zoom, setZoom] = useState(100);
  const moved = useRef(false);  // by hand: then a new size does not fit again
  const sought = useRef<Visit | null>(null);

  const show = useCallback((next: View) => {
    view.current = next;
    layer.current?.setAttribute("transform", `translate(${next.x.toFixed(1)} ${next.y.toFixed(1)}) scale(${next.scale.toFixed(4)})`);
    layer.current?.ownerSVGElement?.classList.toggle("far", next.scale < readable);
    setZoom(Math.round(next.scale * 100));
  }, []);
  const fit = useCallback((whole: boolean) => {
    const box = frame.current;
    if (!box || box.clientWidth === 0) return;
    const both = Math.min(box.clientWidth / picture.width, box.clientHeight / picture.height);
    // A long machine would shrink to nothing: at first its upper part is shown, readable.
    const scale = Math.min(whole ? both : Math.max(both, Math.min(0.75, box.clientWidth / picture.width)), 1.15);
    const x = (box.clientWidth - picture.width * scale) / 2;
    const y = picture.height * scale > box.clientHeight ? 6 : (box.clientHeight - picture.height * scale) / 2;
    show({x, y, scale});
  }, [picture, show]);
  // As it opens: the whole, or of a long machine the part that has what is sought, else the upper one.
  const arrange = useCallback(() => {
    fit(false);
    const box = frame.current;
    const target = picture.boxes.find((each) => each.state !== "" && each.state === sought.current?.state);
    if (!box || !target) return;
    const {x, y, scale} = view.current;
    if ((target.y + Math.min(target.height, tall_box)) * scale + y <= box.clientHeight) return;
    const centred = box.clientHeight / 2 - (target.y + Math.min(target.height, tall_box) / 2) * scale;
    show({x, y: Math.max(centred, box.clientHeight - picture.height * scale - 6), scale});
  }, [fit, picture, show]);
  const zoomAt = useCallback((factor: number, x: number, y: number) => {
    const old = view.current;
    const scale = Math.min(largest, Math.max(smallest, old.scale * factor));
    moved.current = true;
    show({scale, x: x - (x - old.x) * scale / old.scale, y: y - (y - old.y) * scale / old.scale});
  }, [show]);
  const zoomBy = (factor: number) => {
    const box = frame.current;
    if (box) zoomAt(factor, box.clientWidth / 2, box.clientHeight / 2);
  };
  const panBy = (x: number, y: number) => {
    moved.current = true;
    show({...view.current, x: view.current.x + x, y: view.current.y + y});
  };

  useLayoutEffect(() => {
    moved.current = false;
    arrange();
    const box = frame.current;
    if (!box) return;
    const observer = new ResizeObserver(() => { if (!moved.current) arrange(); });
    observer.observe(box);
    return () => observer.disconnect();
  }, [arrange]);

  // What runs is sought once, when it is first known: the picture does not jump after it. What failed always is.
  useEffect(() => {
    if (!attention || chosen !== null || moved.current || (sought.current && attention.status === "running")) return;
    sought.current = attention;
    arrange();
  }, [attention, attention?.status, arrange]);

  // What was chosen elsewhere (an event, a link) comes into view.
  useEffect(() => {
    const box = frame.current;
    const target = picture.boxes.find((each) => each.state !== "" && each.state === chosen);
    if (!box || !target) return;
    const {x, y, scale} = view.current;
    const left = target.x * scale + x;
    const top = target.y * scale + y;
    const right = left + Math.min(target.width * scale, box.clientWidth - 40);
    const bottom = top + Math.min(target.height * scale, box.clientHeight - 40);
    if (left >= 0 && top >= 0 && right <= box.clientWidth && bottom <= box.clientHeight) return;
    moved.current = true;
    show({scale, x: box.clientWidth / 2 - (target.x + target.width / 2) * scale, y: box.clientHeight / 2 - (target.y + Math.min(target.height, tall_box) / 2) * scale});
  }, [chosen, picture, show]);

  useEffect(() => {
    const box = frame.current;
    if (!box) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const unit = event.deltaMode === 1 ? 16 : 1;
      if (event.ctrlKey || event.metaKey) {
        const {left, top} = box.getBoundingClientRect();
        zoomAt(Math.exp(-event.deltaY * unit / 300), event.clientX - left, event.clientY - top);
      } else {
        panBy(-(event.shiftKey ? event.deltaY : event.deltaX) * unit, -(event.shiftKey ? 0 : event.deltaY) * unit);
      }
    };
    box.addEventListener("wheel", onWheel, {passive: false});
    return () => box.removeEventListener("wheel", onWheel);
  });

  const drag = useDrag(panBy, zoomAt, frame);
  const onClick = (event: MouseEvent) => {
    if (drag.wasDragged()) return;
    const target = event.target instanceof Element ? event.target.closest("[data-state]") : null;
    onChoose(target?.getAttribute("data-state") ?? null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 200 : 60;
    const keys: Record<string, () => void> = {
      "+": () => zoomBy(1.25), "=": () => zoomBy(1.25), "-": () => zoomBy(0.8),
      0: () => { moved.current = false; fit(true); }, f: () => { moved.current = false; fit(true); },
      1: () => zoomBy(1 / view.current.scale),
      ArrowDown: () => walk(1) || panBy(0, -step), ArrowUp: () => walk(-1) || panBy(0, step),
      ArrowLeft: () => panBy(step, 0), ArrowRight: () => panBy(-step, 0),
      Escape: () => onChoose(null),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  // States from top to bottom, as they are read.
  const reading = useMemo(() => picture.boxes.filter((box) => box.state !== "")
    .sort((a, b) => a.y - b.y || a.x - b.x).map((box) => box.state), [picture]);
  const walk = (by: number): boolean => {
    const at = chosen === null ? -1 : reading.indexOf(chosen);
    const next = reading[at < 0 ? (by > 0 ? 0 : reading.length - 1) : at + by];
    if (next !== undefined) onChoose(next);
    return true;
  };
  const spoken = chosen === null ? "" : `${chosen}${overlay ? `, ${spokenStatus(overlay, chosen)}` : ""}`;
  return (
    <div class="graph" data-zoom={zoom}>
      <div ref={frame} class="graph-frame" tabIndex={0} role="application" aria-label={`${label}. Arrow keys go from state to state, plus and minus zoom, 0 fits.`}
        onClick={onClick} onKeyDown={onKeyDown} {...drag.handlers}>
        <svg class="graph-drawing" role="img" aria-label={label}>
          <Markers />
          <g ref={layer}><Drawing picture={picture} overlay={overlay} runs={runs} chosen={chosen} /></g>
        </svg>
      </div>
      <p class="unseen" role="status">{spoken}</p>
      <div class="graph-tools" role="toolbar" aria-label="Zoom">
        <button type="button" class="icon" aria-label="Zoom in" title="Zoom in (+)" onClick={() => zoomBy(1.25)}>+</button>
        <span class="zoom">{zoom}%</span>
        <button type="button" class="icon" aria-label="Zoom out" title="Zoom out (−)" onClick={() => zoomBy(0.8)}>−</button>
        <button type="button" class="icon" aria-label="Fit the whole graph" title="Fit (0)" onClick={() => { moved.current = false; fit(true); }}>⤢</button>
      </div>
    </div>
  );
}

function spokenStatus(overlay: Overlay, state: string): string {
  const mark = overlay.states.get(state);
  return mark ? visitName(mark.status) : overlay.elsewhere.has(state) ? "in executions of its own" : "not reached";
}

const marker_tones = ["plain", "taken", "caught"];

function Markers() {
  return (
    <defs>
      {marker_tones.map((tone) => (
        <marker key={tone} id={`arrow-${tone}`} class={`arrow ${tone}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"
          markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0.8 L7.5 4 L0 7.2 Z" /></marker>
      ))}
    </defs>
  );
}

const Drawing = memo(function Drawing({picture, overlay, runs, chosen}: {picture: Picture; overlay: Overlay | null; runs: Runs; chosen: string | null}) {
  return (
    <>
      {picture.boxes.map((box) => (box.kind === "group" || box.kind === "branch") && <DrawnBox key={box.id} box={box} overlay={overlay} runs={runs} chosen={chosen} />)}
      {picture.lines.map((line) => <DrawnLine key={line.id} line={line} taken={isTaken(line, overlay)} faded={overlay !== null && !overlay.elsewhere.has(line.from || line.to)} />)}
      {picture.boxes.map((box) => box.kind !== "group" && box.kind !== "branch" && <DrawnBox key={box.id} box={box} overlay={overlay} runs={runs} chosen={chosen} />)}
    </>
  );
});

function DrawnBox({box, overlay, runs, chosen}: {box: Box; overlay: Overlay | null; runs: Runs; chosen: string | null}) {
  const mark = overlay?.states.get(box.state);
  return <BoxShape box={box} live={overlay !== null && !overlay.elsewhere.has(box.state)} status={mark?.status ?? null} visits={mark?.visits.length ?? 0} succeeded={mark?.succeeded ?? 0}
    failed={mark?.failed ?? 0} running={mark?.running ?? 0} retries={mark?.retries ?? 0} length={mapLength(box, overlay, runs)} chosen={box.state !== "" && box.state === chosen} />;
}

const itemsFailed = ({itemsByStatus}: MapRun): number => (itemsByStatus.FAILED ?? 0) + (itemsByStatus.TIMED_OUT ?? 0);

// How many iterations a Map that was visited once has, and how many are done.
function mapLength(box: Box, overlay: Overlay | null, runs: Runs): string {
  const visits = overlay?.states.get(box.state)?.visits;
  const visit = visits?.[0];
  if (box.type !== "Map" || !visit || visits.length !== 1) return "";
  const run = runs.get(visit.mapRuns[visit.mapRuns.length - 1] ?? "");
  const failed = run ? itemsFailed(run) : 0;
  if (run && failed > 0) return doneText(run.itemsByStatus.SUCCEEDED ?? 0, failed, run.itemsByStatus.RUNNING ?? 0);
  if (visit.length === null) return "";
  if (visit.mapRuns.length > 0) return plural(visit.length, "item");  // the Map Run tells how many are done
  const done = visit.children.filter((scope) => scope.status === "succeeded").length;
  return `${done} of ${visit.length} done`;
}

const DrawnLine = memo(function DrawnLine({line, taken, faded}: {line: Line; taken: boolean; faded: boolean}) {
  return <LineShape line={line} taken={taken} faded={faded} />;
});

// Dragging pans, two fingers zoom. A press that hardly moved is a click.
function useDrag(panBy: (x: number, y: number) => void, zoomAt: (factor: number, x: number, y: number) => void, frame: {current: HTMLDivElement | null}) {
  const pointers = useRef(new Map<number, {x: number; y: number}>());
  const distance = useRef(0);
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      if (pointers.current.size === 0) distance.current = 0;
      pointers.current.set(event.pointerId, {x: event.clientX, y: event.clientY});
    },
    onPointerMove: (event: PointerEvent) => {
      const before = pointers.current.get(event.pointerId);
      if (!before) return;
      const others = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
      pointers.current.set(event.pointerId, {x: event.clientX, y: event.clientY});
      distance.current += Math.abs(event.clientX - before.x) + Math.abs(event.clientY - before.y);
      if (distance.current < 5) return;
      frame.current?.setPointerCapture(event.pointerId);
      const other = others[0];
      if (other) {
        const was = Math.hypot(before.x - other.x, before.y - other.y);
        const is = Math.hypot(event.clientX - other.x, event.clientY - other.y);
        const {left, top} = frame.current!.getBoundingClientRect();
        if (was > 0) zoomAt(is / was, (event.clientX + other.x) / 2 - left, (event.clientY + other.y) / 2 - top);
      } else {
        panBy(event.clientX - before.x, event.clientY - before.y);
      }
    },
    onPointerUp: (event: PointerEvent) => void pointers.current.delete(event.pointerId),
    onPointerCancel: (event: PointerEvent) => void pointers.current.delete(event.pointerId),
  };
  return {handlers, wasDragged: () => distance.current >= 5};
}
