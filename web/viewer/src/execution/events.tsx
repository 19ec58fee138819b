// The whole history, searchable; each event with its details, and the way to its state.
import {useMemo} from "preact/hooks";
import type {HistoryEvent} from "../api/types.ts";
import {count, durationText, exactTime} from "../format.ts";
import {JsonView} from "../json/json_tree.tsx";
import {parseValue} from "../json/value.ts";
import {CopyButton, SearchInput} from "../parts/basics.tsx";
import {useNarrow} from "../parts/use_narrow.ts";
import {WindowList} from "../parts/window_list.tsx";
import {mapRunHref, setQuery} from "../router.ts";
import {detailsOf, milliseconds, toneOf} from "../trace/event.ts";
import type {Trace} from "../trace/trace.ts";
import type {Scope, Visit} from "../trace/visit.ts";

interface Properties {
  trace: Trace;
  version: number;
  running: boolean;
  chosen: number | null;
  search: string;
  onJump: (visit: Visit) => void;
}

function matches(event: HistoryEvent, trace: Trace, search: string): boolean {
  if (event.type.toLowerCase().includes(search) || String(event.id) === search) return true;
  if (trace.visitOf(event)?.state.toLowerCase().includes(search)) return true;
  const details = detailsOf(event);
  for (const name in details) {
    const value = details[name];
    if (typeof value === "string" ? value.toLowerCase().includes(search) : typeof value === "object" && JSON.stringify(value).toLowerCase().includes(search)) return true;
  }
  return false;
}

// "TaskStateEntered" → "Task state entered": easier to read, the exact name is in the details.
const eventName = (type: string): string =>
  type.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/^Lambda Function/, "Function").toLowerCase().replace(/^./, (first) => first.toUpperCase());

export function scopeName(scope: Scope): string {
  const parts: string[] = [];
  for (let each: Scope | null = scope; each?.owner; each = each.owner.scope) {
    parts.unshift(each.kind === "branch" ? `${each.owner.state} › branch ${each.index + 1}` : `${each.owner.state} #${each.index}`);
  }
  return parts.join(" › ");
}

export function Events({trace, version, running, chosen, search, onJump}: Properties) {
  const wanted = search.trim().toLowerCase();
  const narrow = useNarrow();  // then the state stands under the event, and rows are as high as style/narrow.css says
  const shown = useMemo(() => (wanted === "" ? trace.events.slice() : trace.events.filter((event) => matches(event, trace, wanted))), [trace, version, wanted]);
  const event = chosen === null ? undefined : trace.event(chosen);
  const at = useMemo(() => (chosen === null ? -1 : shown.findIndex((each) => each.id === chosen)), [shown, chosen]);
  const choose = (id: number | null) => setQuery({event: id === null ? null : String(id)}, {replace: true});
  const onKeyDown = (pressed: KeyboardEvent) => {
    const by = {ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15}[pressed.key];
    if (by === undefined || shown.length === 0) return;
    pressed.preventDefault();
    choose(shown[Math.min(shown.length - 1, Math.max(0, at + by))]!.id);
  };
  return (
    <div class={`events-page${event ? " with-detail" : ""}`}>
      <div class="events-list">
        <div class="list-tools">
          <SearchInput value={search} label="Search events" placeholder="Search events: type, state, text in payloads" onChange={(text) => setQuery({q: text}, {replace: true})} data-search="yes" />
          <span class="count" role="status">{wanted === "" ? `${count(shown.length)} events` : `${count(shown.length)} of ${count(trace.events.length)}`}</span>
        </div>
        <div class="events-head event-row" aria-hidden="true"><span>Id</span><span>Time</span><span>Event</span><span>State</span></div>
        <WindowList count={shown.length} rowHeight={narrow ? 48 : 30} label="Events, arrow keys go up and down" class="events" scrollTo={at} follow={running && chosen === null} onKeyDown={onKeyDown} row={(i) => {
          const each = shown[i]!;
          const visit = trace.visitOf(each);
          return (
            <div key={each.id} role="listitem" class={`event-row ${toneOf(each.type)}${each.id === chosen ? " chosen" : ""}`} onClick={() => choose(each.id)}>
              <span class="event-id">{each.id}</span>
              <span class="event-time" title={exactTime(milliseconds(each))}>+{durationText(milliseconds(each) - trace.started)}</span>
              <button type="button" class="event-type" aria-pressed={each.id === chosen}>{eventName(each.type)}</button>
              <span class="event-state">{visit?.state}{visit && visit.scope.kind !== "root" && <small> {scopeName(visit.scope)}</small>}</span>
            </div>
          );
        }} />
        {shown.length === 0 && wanted !== "" && <p class="pending">No event has this text. Names of types, states and anything in payloads are searched.</p>}
      </div>
      {event && <EventDetail event={event} trace={trace} onJump={onJump} onClose={() => choose(null)} />}
    </div>
  );
}

function EventDetail({event, trace, onJump, onClose}: {event: HistoryEvent; trace: Trace; onJump: (visit: Visit) => void; onClose: () => void}) {
  const visit = trace.visitOf(event);
  const details = detailsOf(event);
  const plain: [string, string][] = [];
  const documents: [string, string][] = [];
  for (const [name, value] of Object.entries(details)) {
    if (name.endsWith("Details")) continue;  // only says whether it was cut off
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const parsed = typeof value === "string" ? parseValue(value) : {value: null};
    const isDocument = ["input", "output", "parameters", "assignedVariables"].includes(name) ||
      (name === "cause" && "value" in parsed && typeof parsed.value === "object" && parsed.value !== null);
    if (name === "assignedVariables") documents.push([name, variablesText(value as Record<string, string>)]);
    else (isDocument ? documents : plain).push([name, text]);
  }
  return (
    <aside class="detail" aria-label={`Event ${event.id}`}>
      <div class="detail-head">
        <h2>{event.type}</h2>
        <CopyButton text={() => JSON.stringify(event, null, 2)} title="Copy the event" />
        <button type="button" class="quiet icon" aria-label="Close" onClick={onClose}>×</button>
      </div>
      <dl class="facts">
        <dt>Id</dt><dd>{event.id}</dd>
        <dt>After</dt><dd>{event.previousEventId === 0 ? "–" : <button type="button" class="link" onClick={() => setQuery({event: String(event.previousEventId)}, {replace: true})}>event {event.previousEventId}</button>}</dd>
        <dt>Time</dt><dd>{exactTime(milliseconds(event))}</dd>
        {visit && <><dt>State</dt><dd><button type="button" class="link" onClick={() => onJump(visit)}>{visit.state}</button> {scopeName(visit.scope)}</dd></>}
        {plain.map(([name, text]) => <><dt key={name}>{label(name)}</dt><dd class={name === "error" ? "bad-text" : "pre"}>{name === "mapRunArn" ? <a href={mapRunHref(text)}>{text}</a> : text}</dd></>)}
      </dl>
      {documents.map(([name, text]) => <section key={name}><h3>{label(name)}</h3><JsonView text={text} label={label(name)} /></section>)}
    </aside>
  );
}

const label = (name: string): string => name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().replace(/^./, (first) => first.toUpperCase());

// {name: JSON text} as one document.
export function variablesText(variables: Record<string, string> | null | undefined): string {
  if (!variables) return "{}";
  return `{${Object.entries(variables).map(([name, text]) => `${JSON.stringify(name)}:${text === "" ? "null" : text}`).join(",")}}`;
}

