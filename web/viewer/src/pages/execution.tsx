// One execution: graph, timeline, events and data, live while it runs.
import type {ComponentChildren} from "preact";
import {useCallback, useEffect, useMemo} from "preact/hooks";
import {api} from "../api/client.ts";
import {useLoad, useNow} from "../api/hooks.ts";
import type {Execution, Machine, MapRun} from "../api/types.ts";
import {processorText, readGraphText} from "../asl/definition.ts";
import type {Graph} from "../asl/definition.ts";
import {ExecutionActions, machineOf} from "../execution/actions.tsx";
import {Events} from "../execution/events.tsx";
import {useFollow} from "../execution/follow.ts";
import type {Connection} from "../execution/follow.ts";
import {FailureBox, Inspector} from "../execution/inspector.tsx";
import {MapPicker, readPicked, writePicked} from "../execution/map_picker.tsx";
import {useMapRuns} from "../execution/map_runs.tsx";
import {Timeline} from "../execution/timeline.tsx";
import {GraphView} from "../graph/graph_view.tsx";
import {usePicture} from "../graph/use_picture.ts";
import {durationBetween, statusName, timeText} from "../format.ts";
import {JsonView} from "../json/json_tree.tsx";
import {CopyButton, ErrorBox, Loading, PageHead, StatusPill, Tabs} from "../parts/basics.tsx";
import {useTitle} from "../parts/title.ts";
import {executionHref, machineHref, mapRunHref, setQuery, useAddress, withQuery} from "../router.ts";
import {attentionVisit, failedVisit} from "../trace/attention.ts";
import {makeOverlay} from "../trace/overlay.ts";
import type {Overlay} from "../trace/overlay.ts";
import type {Trace} from "../trace/trace.ts";
import type {Visit} from "../trace/visit.ts";

const most_runs = 20;  // that a graph asks for, each every two seconds while it runs
const connection_texts: Record<Connection, string> = {loading: "Loading…", live: "Live", lost: "Connection lost, trying again…", ended: ""};

// The definition that the execution runs; of a server that can't say, the machine's current one.
async function definitionOf(execution: Execution, signal: AbortSignal): Promise<Machine> {
  try {
    return await api.executionMachine(execution.executionArn, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return api.machine(execution.stateMachineName, signal);
  }
}

export function ExecutionPage({arn}: {arn: string}) {
  const loaded = useLoad(`execution ${arn}`, (signal) => api.execution(arn, signal));
  useTitle(loaded.data ? `${loaded.data.name} · ${statusName(loaded.data.status)}` : "Execution");
  if (!loaded.data) return loaded.error ? <ErrorBox error={loaded.error} retry={loaded.reload} back={<a href="/executions">All executions</a>} /> : <Loading />;
  return <Loaded execution={loaded.data} reload={loaded.reload} />;
}

function Loaded({execution, reload}: {execution: Execution; reload: () => void}) {
  const arn = execution.executionArn;
  const {query} = useAddress();
  const tab = query.get("tab") ?? "graph";
  const running = execution.status === "RUNNING";
  const {trace, version, connection, error} = useFollow(arn, !running, execution.redriveCount, reload);
  const machine = useLoad(`definition ${arn}`, (signal) => definitionOf(execution, signal));
  const whole = machine.data?.definitionText ?? null;
  // A child of a distributed Map runs that Map's processor alone.
  const definition = useMemo(() => (whole !== null && execution.mapState !== undefined ? processorText(whole, execution.mapState) ?? whole : whole), [whole, execution.mapState]);
  const graph = useMemo(() => (definition === null ? null : readGraphText(definition)), [definition]);
  const language = useMemo(() => languageOf(definition) || languageOf(whole), [definition, whole]);
  const now = useNow(running);

  const state = query.get("state");
  const visit = chosenVisit(trace, state, query.get("visit"));
  const failed = useMemo(() => failedVisit(trace), [trace, version]);
  const choose = useCallback((name: string | null, chosen?: Visit) => setQuery(
    {state: name, visit: chosen ? String(chosen.id) : null}, {replace: true}), []);
  useEffect(() => {
    if (visit && !state) setQuery({state: visit.state}, {replace: true});
  }, [visit, state]);

  const tabs = [["graph", "Graph"], ["timeline", "Timeline"], ["events", "Events"], ["data", "Input and output"]] as const;
  return (
    <div class="execution">
      <PageHead title={execution.name} crumbs={<Crumbs execution={execution} />}
        actions={<ExecutionActions execution={execution} onChange={reload} />}>
        <p class="status-line">
          <StatusPill status={execution.status} />
          <span title={timeText(execution.startDate)}>{timeText(execution.startDate)}</span>
          <span class="duration">{durationBetween(execution.startDate, execution.stopDate, now)}</span>
          {execution.itemIndex !== undefined && <span>item {execution.itemIndex}</span>}
          {execution.redriveCount > 0 && <span>redriven {execution.redriveCount}×</span>}
          <CopyButton text={arn} label="Copy ARN" />
          <span class="connection" role="status" data-state={connection}>{connection_texts[connection]}</span>
        </p>
      </PageHead>
      {execution.error !== undefined && <FailureBox failure={{error: execution.error, cause: execution.cause ?? ""}} href={failed ? hrefOf(failed, tab) : undefined} />}
      {error && <ErrorBox error={error} />}
      <Tabs label="Views" chosen={tab} tabs={tabs.map(([id, label]) => ({
        id, label, href: withQuery({tab: id === "graph" ? null : id}), ...(id === "events" && trace.events.length > 0 && {note: String(trace.events.length)}),
      }))} />
      {tab === "events" ? <Events trace={trace} version={version} running={running} chosen={numberOrNull(query.get("event"))} search={query.get("q") ?? ""}
          onJump={(found) => setQuery({tab: null, state: found.state, visit: String(found.id)})} />
        : tab === "data" ? <Documents execution={execution} />
          : (
            <Split trace={trace} version={version} running={running} graph={graph} definition={definition} tab={tab} state={state} visit={visit} choose={choose}
              problem={machine.error} queryLanguage={language} maps={query.get("map") ?? ""} />
          )}
    </div>
  );
}

function Crumbs({execution}: {execution: Execution}) {
  const machine = machineOf(execution);
  return (
    <>
      <a href="/executions">Executions</a> / <a href={machineHref(machine)}>{machine}</a>
      {execution.parentExecutionArn !== undefined && <> / <a href={executionHref(execution.parentExecutionArn, `?state=${encodeURIComponent(execution.mapState ?? "")}`)}>{execution.parentExecutionArn.split(":").pop()}</a></>}
      {execution.mapRunArn !== undefined && <> / <a href={mapRunHref(execution.mapRunArn)}>Map Run of {execution.mapState}</a></>}
    </>
  );
}

// To a visit from any of the views; graph and timeline show it, whatever iterations were picked before.
const hrefOf = (visit: Visit, tab: string): string =>
  withQuery({tab: tab === "timeline" ? tab : null, event: null, map: null, state: visit.state, visit: String(visit.id)});

const numberOrNull = (text: string | null): number | null => (text === null || !/^\d+$/.test(text) ? null : Number(text));

// QueryLanguage of the whole definition; empty: it says none.
function languageOf(definition: string | null): string {
  try {
    const top = JSON.parse(definition ?? "null") as {QueryLanguage?: unknown} | null;
    return typeof top?.QueryLanguage === "string" ? top.QueryLanguage : "";
  } catch {
    return "";
  }
}

// The visit asked for; without one the last that failed, or the last.
function chosenVisit(trace: Trace, state: string | null, id: string | null): Visit | null {
  const asked = id === null ? undefined : trace.visit(Number(id));
  if (asked && (state === null || asked.state === state)) return asked;
  if (state === null) return null;
  const visits = trace.visits.filter((visit) => visit.state === state);
  return [...visits].reverse().find((visit) => visit.status === "failed" || visit.status === "timed-out") ?? visits[visits.length - 1] ?? null;
}

function Split({trace, version, running, graph, definition, tab, state, visit, choose, problem, queryLanguage, maps}: {
  trace: Trace; version: number; running: boolean; graph: Graph | null; definition: string | null; tab: string; state: string | null; visit: Visit | null;
  choose: (name: string | null, chosen?: Visit) => void; problem: Error | null; queryLanguage: string; maps: string;
}) {
  const picked = useMemo(() => readPicked(maps), [maps]);
  const overlay = useMemo(() => makeOverlay(trace, picked, graph), [trace, version, picked, graph]);
  const attention = useMemo(() => attentionVisit(trace), [trace, version]);
  const runs = useMapRuns(useMemo(() => latestRuns(overlay), [overlay]), running);
  const mark = state === null ? undefined : overlay.states.get(state);
  const shown = visit && (mark?.visits.includes(visit) ?? true) ? visit : mark?.visits[mark.visits.length - 1] ?? null;
  const pick = useCallback((map: string, index: number | null) => {
    const next = new Map(picked);
    if (index === null) next.delete(map);
    else next.set(map, index);
    setQuery({map: writePicked(next)}, {replace: true});
  }, [picked]);
  return (
    <div class={`split${state !== null ? " with-detail" : ""}`}>
      <div class="stage">
        {tab === "timeline"
          ? <Timeline trace={trace} version={version} running={running} chosen={shown} onChoose={(found) => choose(found.state, found)} />
          : <Drawing definition={definition} overlay={overlay} runs={runs} attention={attention} state={state} choose={choose} problem={problem}>
            <MapPicker trace={trace} version={version} picked={picked} onPick={pick} /></Drawing>}
      </div>
      {state !== null && <Inspector name={state} graph={graph} queryLanguage={queryLanguage} mark={mark} visit={shown} version={version} elsewhere={overlay.elsewhere.get(state) ?? ""} onClose={() => choose(null)} onPick={pick} />}
    </div>
  );
}

// The Map Run that each distributed Map of the graph is at: there is a number to show only where it was visited once.
function latestRuns(overlay: Overlay): string[] {
  return [...overlay.states.values()].flatMap(({visits}) => (visits.length === 1 ? visits[0]!.mapRuns.slice(-1) : [])).slice(0, most_runs);
}

function Drawing({definition, overlay, runs, attention, state, choose, problem, children}: {
  definition: string | null; overlay: Overlay; runs: ReadonlyMap<string, MapRun>; attention: Visit | null; state: string | null; choose: (name: string | null) => void; problem: Error | null;
  children: ComponentChildren;
}) {
  const picture = usePicture(definition);
  const onChoose = useCallback((name: string | null) => choose(name), [choose]);
  if (problem) return <ErrorBox error={problem} />;
  if (picture === undefined) return <Loading what="Drawing the graph" />;
  if (picture === null) return <p class="pending">The definition can't be read, so there is no graph.</p>;
  return <>{children}<GraphView picture={picture} overlay={overlay} runs={runs} attention={attention} chosen={state} onChoose={onChoose} label="Graph of the execution" /></>;
}

function Documents({execution}: {execution: Execution}) {
  return (
    <div class="panels">
      <section class="panel"><h2>Input</h2><JsonView text={execution.inputText} label="Input" /></section>
      {execution.outputText !== undefined
        ? <section class="panel"><h2>Output</h2><JsonView text={execution.outputText} label="Output" /></section>
        : <section class="panel"><h2>{execution.status === "RUNNING" ? "Output" : "Error"}</h2>
          {execution.status === "RUNNING" ? <p class="pending">Not yet: it is running.</p>
            : <FailureBox failure={{error: execution.error ?? statusName(execution.status), cause: execution.cause ?? ""}} />}</section>}
    </div>
  );
}
