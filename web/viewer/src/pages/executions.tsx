// All executions, newest first: found by filters, followed live, stopped or redriven many at a time.
import {useEffect, useRef, useState} from "preact/hooks";
import {api} from "../api/client.ts";
import {useLoad, useNow} from "../api/hooks.ts";
import type {Parameters} from "../api/client.ts";
import type {ExecutionPage, ExecutionSummary} from "../api/types.ts";
import {BulkDialog} from "../execution/bulk.tsx";
import {canRedrive} from "../execution/actions.tsx";
import {durationBetween, plural, shortTime, statuses, statusName, timeText} from "../format.ts";
import {Empty, ErrorBox, Loading, PageHead, SearchInput, StatusPill} from "../parts/basics.tsx";
import {useTitle} from "../parts/title.ts";
import {executionHref, machineHref, setQuery, useAddress} from "../router.ts";

const page_size = 50;

// A local time as <input type="datetime-local"> gives it, as the server wants it.
function isoTime(local: string | null): string | undefined {
  if (!local) return undefined;
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

export function ExecutionsPage() {
  useTitle("Executions");
  return (
    <>
      <PageHead title="Executions" />
      <ExecutionList />
    </>
  );
}

// All executions, those of one machine, or the children of one Map Run.
export function ExecutionList({machine = "", mapRun = ""}: {machine?: string; mapRun?: string}) {
  const all_machines = machine === "" && mapRun === "";
  const {query} = useAddress();
  const filter = {
    status: query.get("status") ?? "", name: query.get("name") ?? "", error: query.get("error") ?? "",
    from: query.get("from") ?? "", to: query.get("to") ?? "", machine: machine || (query.get("machine") ?? ""),
  };
  const cursor = query.get("cursor") ?? "";
  const parameters = {
    status: filter.status, namePrefix: filter.name, error: filter.error, startedAfter: isoTime(filter.from), startedBefore: isoTime(filter.to),
    limit: page_size, cursor, mapRun,
  };
  const key = JSON.stringify([filter, cursor, mapRun]);
  // Later pages stand still: on the first there is news.
  const {data, error, reload} = useLoad(key, (signal) => api.executions(filter.machine, parameters, signal), cursor === "");
  const rows = data?.executions ?? [];
  const [marked, setMarked] = useState<ReadonlyMap<string, ExecutionSummary>>(new Map());
  const [bulk, setBulk] = useState<"stop" | "redrive" | null>(null);
  const [collecting, setCollecting] = useState(false);
  const [trouble, setTrouble] = useState<Error | null>(null);
  const [at, setAt] = useState(-1);
  const now = useNow(rows.some((row) => row.status === "RUNNING"), 1000);
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => { setMarked(new Map()); setAt(-1); setTrouble(null); }, [key]);
  const set = (changes: Record<string, string | null>) => setQuery({...changes, cursor: null}, {replace: true});
  const filtered = Object.entries(filter).some(([name, value]) => value !== "" && !(name === "machine" && machine));

  // j and k go through the rows, o or Enter opens, x marks.
  const onKey = useRef((_event: KeyboardEvent) => {});
  onKey.current = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target instanceof Element && event.target.closest("input:not([type=checkbox]), textarea, select, dialog"))) return;
    const row = rows[at];
    if (event.key === "j") setAt(Math.min(rows.length - 1, at + 1));
    else if (event.key === "k") setAt(Math.max(0, at - 1));
    else if (event.key === "x" && row) toggle(row);
    else if (event.key === "o" && row) table.current?.querySelectorAll<HTMLAnchorElement>("td.main a")[at]?.click();
  };
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey.current(event);
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
  const toggle = (row: ExecutionSummary) => {
    const next = new Map(marked);
    if (!next.delete(row.executionArn)) next.set(row.executionArn, row);
    setMarked(next);
  };
  const markAll = async () => {
    setCollecting(true);
    try {
      setMarked(await allThatFit(filter.machine, parameters));
    } catch (thrown) {
      setTrouble(thrown as Error);
    }
    setCollecting(false);
  };
  const chosen = [...marked.values()].map((row) => rows.find((each) => each.executionArn === row.executionArn) ?? row);
  const stoppable = chosen.filter((row) => row.status === "RUNNING");
  const redrivable = mapRun === "" ? chosen.filter(canRedrive) : [];  // children are redriven with their parent
  const all = rows.length > 0 && rows.every((row) => marked.has(row.executionArn));
  return (
    <section aria-label="Executions">
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <select aria-label="Status" value={filter.status} onChange={(event) => set({status: event.currentTarget.value})}>
          <option value="">Any status</option>
          {statuses.filter((status) => status !== "PENDING_REDRIVE").map((status) => <option key={status} value={status}>{statusName(status)}</option>)}
        </select>
        {all_machines && <MachineSelect value={filter.machine} onChange={(name) => set({machine: name})} />}
        <SearchInput value={filter.name} label="Name begins with" onChange={(name) => set({name})} data-search="yes" />
        <SearchInput value={filter.error} label="Text in error" onChange={(text) => set({error: text})} />
        {mapRun === "" && <span class="range">
          <label class="inline">from <input type="datetime-local" aria-label="Started after" value={filter.from} onChange={(event) => set({from: event.currentTarget.value})} /></label>
          <label class="inline">to <input type="datetime-local" aria-label="Started before" value={filter.to} onChange={(event) => set({to: event.currentTarget.value})} /></label>
        </span>}
        {filtered && <button type="button" class="button small" onClick={() => set({status: null, name: null, error: null, from: null, to: null, machine: null})}>Clear</button>}
      </form>
      {marked.size > 0 && (
        <div class="bulk" role="status">
          <strong>{plural(marked.size, "execution")} marked</strong>
          <button type="button" class="button small danger" disabled={stoppable.length === 0} onClick={() => setBulk("stop")}>Stop {stoppable.length}…</button>
          {mapRun === "" && <button type="button" class="button small" disabled={redrivable.length === 0} onClick={() => setBulk("redrive")}>Redrive {redrivable.length}…</button>}
          {all && data?.nextCursor && marked.size <= rows.length && <button type="button" class="quiet small" disabled={collecting} onClick={markAll}>{filtered ? "Mark all that fit these filters" : "Mark all"}</button>}
          <button type="button" class="quiet small" onClick={() => setMarked(new Map())}>Unmark</button>
        </div>
      )}
      {bulk && <BulkDialog action={bulk} executions={bulk === "stop" ? stoppable : redrivable} onClose={() => { setBulk(null); reload(); }} />}
      {(error ?? trouble) && <ErrorBox error={(error ?? trouble)!} retry={reload} />}
      {!data && !error && <Loading />}
      {data && rows.length === 0 && (filtered || cursor
        ? <Empty title="Nothing fits these filters">{data.nextCursor ? <p>The newest were searched. <button type="button" class="link" onClick={() => setQuery({cursor: data.nextCursor!})}>Search older ones</button></p>
          : <p>Other filters may find more.</p>}</Empty>
        : mapRun ? <Empty title="No children yet"><p>Each item, or batch of items, becomes one when its turn comes.</p></Empty> : <NoExecutions machine={machine} />)}
      {rows.length > 0 && (
        <table ref={table} class={`list executions${all_machines ? " all" : ""}`}>
          <thead><tr>
            <th class="mark"><input type="checkbox" aria-label="Mark all on this page" checked={all} onChange={() => setMarked(all ? new Map() : new Map(rows.map((row) => [row.executionArn, row])))} /></th>
            <th>Name</th>{all_machines && <th>State machine</th>}<th>Status</th><th>Started</th><th class="number">Duration</th>
          </tr></thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={row.executionArn} class={`${i === at ? "at" : ""}${marked.has(row.executionArn) ? " marked" : ""}`} data-arn={row.executionArn}>
                <td class="mark"><input type="checkbox" aria-label={`Mark ${row.name}`} checked={marked.has(row.executionArn)} onChange={() => toggle(row)} /></td>
                <td class="main"><a href={executionHref(row.executionArn)}>{row.name}</a>{row.itemIndex !== undefined && <small class="soft"> item {row.itemIndex}</small>}{row.error !== undefined && <small class="bad-text">{row.error}</small>}</td>
                {all_machines && <td class="label"><a href={machineHref(row.stateMachineName)}>{row.stateMachineName}</a></td>}
                <td class="status"><StatusPill status={row.status} /></td>
                <td class="aside" title={timeText(row.startDate)}>{shortTime(row.startDate)}</td>
                <td class="number aside">{durationBetween(row.startDate, row.stopDate, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {(cursor || data?.nextCursor) && rows.length > 0 && (
        <nav class="pages" aria-label="Pages">
          {cursor && <button type="button" class="button" onClick={() => setQuery({cursor: null})}>Newest</button>}
          {data?.nextCursor && <button type="button" class="button" onClick={() => setQuery({cursor: data.nextCursor!})}>Older</button>}
        </nav>
      )}
    </section>
  );
}

const most_marked = 5000;

// What the filters let through, of all pages, the newest first.
async function allThatFit(machine: string, parameters: Parameters): Promise<Map<string, ExecutionSummary>> {
  const found = new Map<string, ExecutionSummary>();
  for (let cursor: string | undefined = ""; cursor !== undefined && found.size < most_marked;) {
    const page: ExecutionPage = await api.executions(machine, {...parameters, limit: 1000, cursor});
    for (const row of page.executions) if (found.size < most_marked) found.set(row.executionArn, row);
    cursor = page.nextCursor;
  }
  return found;
}

function MachineSelect({value, onChange}: {value: string; onChange: (name: string) => void}) {
  const {data} = useLoad("machine names", (signal) => api.machines({limit: 200}, signal));
  const names = data?.stateMachines.map((machine) => machine.name) ?? [];
  return (
    <select aria-label="State machine" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">Any state machine</option>
      {(value && !names.includes(value) ? [value, ...names] : names).map((name) => <option key={name} value={name}>{name}</option>)}
    </select>
  );
}

function NoExecutions({machine}: {machine: string}) {
  return machine
    ? <Empty title="Not started yet"><p><a class="button primary" href={machineHref(machine, "/start")}>Start an execution</a></p></Empty>
    : <Empty title="No executions yet"><p>Start one of a <a href="/state-machines">state machine</a>, or with any AWS client:</p>
      <pre class="code" tabIndex={0} role="region" aria-label="Command">{`aws stepfunctions start-execution --endpoint-url ${location.origin} \\\n    --state-machine-arn … --input '{}'`}</pre></Empty>;
}
