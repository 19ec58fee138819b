// When what ran: a bar for each stay in a state, with its attempts and the pauses between them. Ctrl and the wheel, the
// buttons or dragging over the axis zoom into a part of the time.
import {useEffect, useMemo, useRef, useState} from "preact/hooks";
import {useNow} from "../api/hooks.ts";
import {durationText, exactTime, visitName} from "../format.ts";
import {WindowList} from "../parts/window_list.tsx";
import type {Trace} from "../trace/trace.ts";
import type {Attempt, Visit} from "../trace/visit.ts";
import {tickStep, timelineRows} from "./timeline_rows.ts";
import type {Row} from "./timeline_rows.ts";

interface Properties {
  trace: Trace;
  version: number;
  running: boolean;  // what the server says: a long history that is still being loaded is not
  chosen: Visit | null;
  onChoose: (visit: Visit) => void;
}
interface Span {
  from: number;
  to: number;
}
const tick_room = 90;  // pixels that a tick's text needs
const half_letter = 3.5;  // of that text, in pixels

interface Hover {
  row: Row;
  attempt: Attempt | null;
  x: number;
  y: number;
}

export function Timeline({trace, version, running, chosen, onChoose}: Properties) {
  const now = useNow(running, 200);
  const whole: Span = {from: trace.started, to: Math.max(running ? now : trace.ended, trace.started + 1)};
  const [zoomed, setZoomed] = useState<Span | null>(null);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [hover, setHover] = useState<Hover | null>(null);
  const [drag, setDrag] = useState<{from: number; to: number} | null>(null);
  const axis = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => timelineRows(trace, toggled), [trace, version, toggled]);
  const span = zoomed ?? whole;
  const length = Math.max(1, span.to - span.from);

  const zoomAt = (factor: number, part = 0.5) => {
    const at = span.from + length * part;
    const wanted = Math.max(5, length * factor);
    if (wanted >= (whole.to - whole.from) * 0.999) return setZoomed(null);
    const from = Math.min(Math.max(whole.from, at - wanted * part), whole.to - wanted);
    setZoomed({from, to: from + wanted});
  };
  const panBy = (part: number) => {
    if (!zoomed) return;
    const from = Math.min(Math.max(whole.from, span.from + length * part), whole.to - length);
    setZoomed({from, to: from + length});
  };
  const partAt = (clientX: number): number => {
    const rect = axis.current?.getBoundingClientRect();
    return rect && rect.width > 0 ? Math.min(1, Math.max(0, (clientX - rect.left) / rect.width)) : 0;
  };
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        zoomAt(Math.exp(event.deltaY / 300), partAt(event.clientX));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        if (!zoomed) return;
        event.preventDefault();
        panBy((event.deltaX || event.deltaY) / 800);
      }
    };
    element.addEventListener("wheel", onWheel, {passive: false});
    return () => element.removeEventListener("wheel", onWheel);
  });

  const toggle = (key: string) => {
    const next = new Set(toggled);
    if (!next.delete(key)) next.add(key);
    setToggled(next);
  };
  const partOf = (at: number): number => (at - span.from) / length * 100;
  // What begins at the very end has no width left: its narrowest bar stands before the end.
  const place = (from: number, to: number) => ({
    left: from <= span.to ? `min(${partOf(from)}%, 100% - 3px)` : `${partOf(from)}%`, width: `${Math.max(0, to - from) / length * 100}%`,
  });
  const axis_width = axis.current?.clientWidth ?? 700;
  const step = tickStep(length, Math.max(2, Math.min(9, axis_width / tick_room)));
  const ticks: number[] = [];
  for (let at = Math.ceil((span.from - whole.from) / step) * step; at <= span.to - whole.from; at += step) ticks.push(at);
  const chosenRow = chosen ? rows.findIndex((row) => row.kind === "visit" && row.visit === chosen) : -1;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "+" || event.key === "=") zoomAt(0.6);
    else if (event.key === "-") zoomAt(1.6);
    else if (event.key === "0") setZoomed(null);
    else if (by !== 0) {
      for (let i = chosenRow + by; i >= 0 && i < rows.length; i += by) {
        const row = rows[i]!;
        if (row.kind !== "visit") continue;
        onChoose(row.visit);
        break;
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const bars = (row: Row) => row.kind === "scope"
    ? <div class={`bar scope ${row.scope.status}`} style={place(row.scope.started, row.scope.ended ?? whole.to)} />
    : <VisitBars visit={row.visit} end={whole.to} place={place} />;
  const hovering = (event: PointerEvent, row: Row) => {
    if (event.pointerType === "touch") return;
    const id = Number((event.target as Element).getAttribute("data-attempt") ?? 0);
    const attempt = row.kind === "visit" ? row.visit.attempts.find((each) => each.id === id) ?? null : null;
    const rect = box.current!.getBoundingClientRect();
    setHover({row, attempt, x: Math.min(event.clientX - rect.left, rect.width - 280), y: event.clientY - rect.top});
  };
  return (
    <div class="timeline" ref={box} onPointerLeave={() => setHover(null)}>
      <div class="timeline-head">
        <div class="timeline-names">
          <div class="timeline-tools" role="toolbar" aria-label="Zoom">
            <button type="button" class="icon" aria-label="Zoom in" title="Zoom in (+)" onClick={() => zoomAt(0.6)}>+</button>
            <button type="button" class="icon" aria-label="Zoom out" title="Zoom out (−)" disabled={!zoomed} onClick={() => zoomAt(1.6)}>−</button>
            <button type="button" class="icon" aria-label="Show all" title="Show all (0)" disabled={!zoomed} onClick={() => setZoomed(null)}>⤢</button>
          </div>
          <span class="count">{durationText(length)}</span>
        </div>
        <div class="timeline-axis" ref={axis}
          onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); const at = partAt(event.clientX); setDrag({from: at, to: at}); }}
          onPointerMove={(event) => { if (drag) setDrag({...drag, to: partAt(event.clientX)}); }}
          onPointerUp={() => {
            if (drag && Math.abs(drag.to - drag.from) > 0.01) {
              setZoomed({from: span.from + Math.min(drag.from, drag.to) * length, to: span.from + Math.max(drag.from, drag.to) * length});
            }
            setDrag(null);
          }}>
          {ticks.map((at) => <Tick key={at} part={partOf(whole.from + at)} text={at === 0 ? "0" : durationText(at)} width={axis_width} />)}
          {drag && <div class="selection" style={{left: `${Math.min(drag.from, drag.to) * 100}%`, width: `${Math.abs(drag.to - drag.from) * 100}%`}} />}
        </div>
      </div>
      <WindowList count={rows.length} rowHeight={28} label="Timeline, arrow keys go from state to state" class="timeline-rows" follow={running} scrollTo={chosenRow} onKeyDown={onKeyDown} row={(i) => {
        const row = rows[i]!;
        return (
          <div key={row.key} role="listitem" class={`timeline-row ${row.kind}${i === chosenRow ? " chosen" : ""}`} onPointerMove={(event) => hovering(event, row)}>
            <div class="timeline-names" style={{paddingLeft: `${8 + Math.min(row.depth, 8) * 14}px`}}>
              {row.kind === "scope" || row.folds
                ? <button type="button" class="fold" aria-expanded={row.open} aria-label={`${row.open ? "Fold" : "Unfold"} ${rowName(row)}`} onClick={() => toggle(row.key)} />
                : <span class="no-fold" />}
              {row.kind === "visit"
                ? <button type="button" class="timeline-name" title={row.visit.state} onClick={() => onChoose(row.visit)}>{row.visit.state}</button>
                : <span class="timeline-scope">{rowName(row)}</span>}
            </div>
            <div class="timeline-bars" onClick={() => row.kind === "visit" && onChoose(row.visit)}>
              {ticks.map((at) => <i key={at} class="tick-line" style={{left: `${partOf(whole.from + at)}%`}} />)}
              {bars(row)}
            </div>
          </div>
        );
      }} />
      {hover && <Tip hover={hover} start={whole.from} now={whole.to} />}
    </div>
  );
}

// Its text stands in the middle of its mark, or before the mark where the axis ends too soon.
function Tick({part, text, width}: {part: number; text: string; width: number}) {
  const is_last = part >= 97 || (100 - part) / 100 * width < text.length * half_letter;
  return <span class={`tick${is_last ? " last" : ""}`} style={{left: `${part}%`}}>{text}</span>;
}

function rowName(row: Row): string {
  if (row.kind === "visit") return row.visit.state;
  return row.scope.kind === "branch" ? `branch ${row.scope.index + 1}` : `iteration ${row.scope.index}`;
}

function VisitBars({visit, end, place}: {visit: Visit; end: number; place: (from: number, to: number) => {left: string; width: string}}) {
  const look = `bar ${visit.status} type-${visit.type.toLowerCase()}`;
  if (visit.attempts.length === 0) return <div class={look} style={place(visit.started, visit.ended ?? end)} />;
  return (
    <>
      <div class={`${look} under`} style={place(visit.started, visit.ended ?? end)} />
      {visit.attempts.map((attempt) => (
        <div key={attempt.id} data-attempt={attempt.id} class={`bar attempt ${attempt.status}`} style={place(attempt.scheduled, attempt.ended ?? end)} />
      ))}
    </>
  );
}

function Tip({hover, start, now}: {hover: Hover; start: number; now: number}) {
  const {row, attempt} = hover;
  const thing = attempt ? {started: attempt.scheduled, ended: attempt.ended, status: attempt.status}
    : row.kind === "visit" ? row.visit : row.scope;
  const waited = attempt?.started ? attempt.started - attempt.scheduled : 0;
  return (
    <div class="tip" style={{left: `${hover.x + 12}px`, top: `${hover.y + 16}px`}}>
      <strong>{rowName(row)}{attempt && row.kind === "visit" && row.visit.attempts.length > 1 && `, attempt ${attempt.number}`}</strong>
      <dl class="facts">
        <dt>Status</dt><dd>{visitName(thing.status)}</dd>
        <dt>From</dt><dd>{exactTime(thing.started)} <span class="soft">+{durationText(thing.started - start)}</span></dd>
        <dt>To</dt><dd>{thing.ended === null ? "still running" : <>{exactTime(thing.ended)} <span class="soft">+{durationText(thing.ended - start)}</span></>}</dd>
        <dt>Duration</dt><dd>{durationText((thing.ended ?? now) - thing.started)}</dd>
        {waited > 0 && <><dt>Queued</dt><dd>{durationText(waited)}</dd></>}
        {row.kind === "visit" && row.visit.attempts.length > 1 && !attempt && <><dt>Attempts</dt><dd>{row.visit.attempts.length}</dd></>}
        {attempt?.failure && <><dt>Error</dt><dd class="bad-text">{attempt.failure.error}</dd></>}
      </dl>
    </div>
  );
}
