// One state of an execution, looked into: what went in, what came out, what happened between.
import {useEffect, useMemo, useState} from "preact/hooks";
import type {Graph, StateNode} from "../asl/definition.ts";
import {useNow} from "../api/hooks.ts";
import {durationText, exactTime, plural} from "../format.ts";
import {DiffView} from "../json/diff_view.tsx";
import {JsonView} from "../json/json_tree.tsx";
import {prettyText} from "../json/value.ts";
import {CopyButton, VisitPill} from "../parts/basics.tsx";
import {NumberInput} from "../parts/number_input.tsx";
import {executionHref, setQuery, withQuery} from "../router.ts";
import type {Attempt, Failure, Scope, Visit} from "../trace/visit.ts";
import type {StateMark} from "../trace/overlay.ts";
import {WindowList} from "../parts/window_list.tsx";
import {AnswerTask} from "./answer_task.tsx";
import {scopeName} from "./events.tsx";
import {MapRuns} from "./map_runs.tsx";
import {AttemptLog} from "./attempt_log.tsx";
import {stagesOf, useComputed} from "./stages.ts";
import type {Stage} from "./stages.ts";
import {waitingToken} from "./task_token.ts";

interface Properties {
  name: string;
  graph: Graph | null;
  queryLanguage: string;
  mark: StateMark | undefined;
  visit: Visit | null;
  version: number;
  elsewhere: string;  // the distributed Map in whose children it ran; empty: none
  onClose: () => void;
  onPick: (map: string, index: number | null) => void;
}

export function Inspector({name, graph, queryLanguage, mark, visit, version, elsewhere, onClose, onPick}: Properties) {
  const state = graph?.states.get(name);
  const computed = useComputed(visit, state, queryLanguage);
  const now = useNow(visit?.status === "running");
  return (
    <aside class="inspector" aria-label={`State ${name}`}>
      <div class="detail-head">
        <h2 title={name}>{name}</h2>
        <button type="button" class="quiet icon" aria-label="Close" onClick={onClose}>×</button>
      </div>
      <p class="subtitle">
        {visit && <VisitPill status={visit.status} />} {state?.type ?? visit?.type}{state?.detail && ` · ${state.detail}`}
      </p>
      {!visit && <NotVisited state={state} elsewhere={elsewhere} />}
      {visit && (
        <>
          {mark && mark.visits.length > 1 && <VisitPicker visits={mark.visits} visit={visit} />}
          <dl class="facts">
            {visit.scope.kind !== "root" && <><dt>In</dt><dd>{scopeName(visit.scope)}</dd></>}
            <dt>Entered</dt><dd>{exactTime(visit.started)} <a class="soft" href={withQuery({tab: "events", event: String(visit.id)})}>event {visit.id}</a></dd>
            <dt>Duration</dt><dd>{durationText((visit.ended ?? now) - visit.started)}</dd>
            {visit.redriven && <><dt>Redriven</dt><dd>yes</dd></>}
          </dl>
          {visit.failure && <FailureBox failure={visit.failure} caught={visit.status === "caught"} />}
          <AnswerTask {...waitingToken(visit, state)} key={`answer ${visit.id}`} />
          {visit.type === "Map" && visit.children.length > 0 && <Iterations visit={visit} version={version} onPick={onPick} />}
          {visit.mapRuns.length > 0 && <MapRuns arns={visit.mapRuns} running={visit.status === "running"} key={`runs ${visit.id}`} />}
          <Stages stages={stagesOf(visit, state, computed)} key={`data ${name}`} />
          {visit.attempts.length > 0 && <Attempts attempts={visit.attempts} state={state} now={now} />}
        </>
      )}
      {state && <details class="definition"><summary>Definition</summary><JsonView text={JSON.stringify(state.fields)} label={`Definition of ${name}`} /></details>}
    </aside>
  );
}

function NotVisited({state, elsewhere}: {state: StateNode | undefined; elsewhere: string}) {
  if (elsewhere) return <p class="pending">It ran in executions of its own, the children of <a href={withQuery({state: elsewhere, visit: null})}>{elsewhere}</a>.</p>;
  return <p class="pending">{state ? "Not reached: the execution took another way, or has not come here yet." : "The definition has no state of this name."}</p>;
}

function VisitPicker({visits, visit}: {visits: Visit[]; visit: Visit}) {
  const at = visits.indexOf(visit);
  const go = (index: number) => {
    const next = visits[index];
    if (next) setQuery({visit: String(next.id)}, {replace: true});
  };
  return (
    <div class="visit-picker" role="group" aria-label="Which visit">
      <button type="button" class="button small" aria-label="Earlier visit" disabled={at <= 0} onClick={() => go(at - 1)}>‹</button>
      <span>Visit <NumberInput label="Number of the visit" value={String(at + 1)} onCommit={(number) => go(number - 1)} /> of {visits.length}</span>
      <button type="button" class="button small" aria-label="Later visit" disabled={at < 0 || at >= visits.length - 1} onClick={() => go(at + 1)}>›</button>
    </div>
  );
}

// `href`: where what failed is to be seen.
export function FailureBox({failure, caught = false, href}: {failure: Failure | {error: string; cause: string}; caught?: boolean; href?: string | undefined}) {
  const {error, cause} = failure;
  const isDocument = /^\s*[{[]/.test(cause);
  return (
    <section class={`failure${caught ? " caught" : ""}`} aria-label="Error">
      <div class="failure-head">
        <strong>{href ? <a href={href} title="Go to the state that failed">{error || "Failed"}</a> : error || "Failed"}</strong>{caught && <span class="soft"> caught</span>}
        {cause && <CopyButton text={cause} title="Copy the cause" />}
      </div>
      {cause && <Cause cause={cause} isDocument={isDocument} />}
    </section>
  );
}

// A function's failure is a JSON document: its message is what people look for, the rest comes below.
function Cause({cause, isDocument}: {cause: string; isDocument: boolean}) {
  const message = useMemo(() => {
    if (!isDocument) return null;
    try {
      const parsed = JSON.parse(cause) as {errorMessage?: unknown};
      return typeof parsed.errorMessage === "string" ? parsed.errorMessage : null;
    } catch {
      return null;
    }
  }, [cause, isDocument]);
  if (!isDocument) return <p class="pre">{cause}</p>;
  if (message === null) return <JsonView text={cause} label="Cause" />;
  return <><p class="pre">{message}</p><details><summary>Whole cause</summary><JsonView text={cause} label="Cause" /></details></>;
}

function Stages({stages}: {stages: Stage[]}) {
  const query = new URLSearchParams(location.search);
  const wanted = query.get("data") ?? "";
  const against = query.get("diff") ?? "";
  const stage = stages.find((each) => each.id === wanted) ?? (stages.find((each) => each.id === "output") ?? stages[0])!;
  const other = stages.find((each) => each.id === against && each.id !== stage.id);
  // What changed on the way, so from the earlier step to the later one.
  const [from, to] = other && stages.indexOf(other) < stages.indexOf(stage) ? [other, stage] : [stage, other];
  return (
    <section class="stages" aria-label="Data">
      <div class="stage-tabs" role="group" aria-label="Data at each step">
        {stages.map((each) => (
          <button key={each.id} type="button" aria-pressed={each === stage} class={each.text === null ? "unknown" : ""}
            onClick={() => setQuery({data: each.id}, {replace: true})}>{each.label}</button>
        ))}
      </div>
      {stages.length > 1 && (
        <label class="compare">Compare with <select value={other?.id ?? ""} onChange={(event) => setQuery({diff: event.currentTarget.value}, {replace: true})}>
          <option value="">nothing</option>
          {stages.filter((each) => each.id !== stage.id && each.text !== null).map((each) => <option key={each.id} value={each.id}>{each.label}</option>)}
        </select></label>
      )}
      {stage.text === null ? <p class="pending">{stage.note}</p>
        : from.text !== null && to && to.text !== null ? <DiffView left={prettyText(from.text)} right={prettyText(to.text)} label={`From ${from.label} to ${to.label}`} />
          : <JsonView text={stage.text} label={stage.label} />}
    </section>
  );
}

function Attempts({attempts, state, now}: {attempts: Attempt[]; state: StateNode | undefined; now: number}) {
  const [open, setOpen] = useState<number | null>(null);
  return (
    <section class="attempts" aria-label="Attempts">
      <h3>{plural(attempts.length, "attempt")}</h3>
      {attempts.map((attempt, i) => {
        const next = attempts[i + 1];
        return (
          <div key={attempt.id} class="attempt-card">
            <button type="button" class="attempt-head" aria-expanded={open === attempt.id} onClick={() => setOpen(open === attempt.id ? null : attempt.id)}>
              <span>#{attempt.number}</span><VisitPill status={attempt.status} /><span class="count">{durationText((attempt.ended ?? now) - attempt.scheduled)}</span>
              {attempt.failure && <span class="bad-text">{attempt.failure.error}</span>}
            </button>
            {next && attempt.ended !== null && <p class="soft between">then waited {durationText(next.scheduled - attempt.ended)}</p>}
            {open === attempt.id && <AttemptDetail attempt={attempt} state={state} />}
          </div>
        );
      })}
    </section>
  );
}

function AttemptDetail({attempt, state}: {attempt: Attempt; state: StateNode | undefined}) {
  const nested = startedExecution(attempt);
  const called = functionName(attempt, state);
  return (
    <div class="attempt-detail">
      <dl class="facts">
        <dt>Scheduled</dt><dd>{exactTime(attempt.scheduled)} <a class="soft" href={withQuery({tab: "events", event: String(attempt.id)})}>event {attempt.id}</a></dd>
        {attempt.started !== null && <><dt>Started</dt><dd>{exactTime(attempt.started)}</dd></>}
        {attempt.ended !== null && <><dt>Ended</dt><dd>{exactTime(attempt.ended)}</dd></>}
        <dt>Resource</dt><dd>{attempt.resource}</dd>
        {nested && <><dt>Execution</dt><dd><a href={executionHref(nested)}>{nested.split(":").pop()}</a></dd></>}
      </dl>
      {attempt.failure && <FailureBox failure={attempt.failure} />}
      {attempt.parameters && <><h3>Sent</h3><JsonView text={attempt.parameters} label="What was sent" /></>}
      {attempt.output !== null && <><h3>Answered</h3><JsonView text={attempt.output} label="What was answered" /></>}
      {called && <AttemptLog attempt={attempt} functionName={called} />}
    </div>
  );
}

// The execution that an attempt started; empty: none.
function startedExecution(attempt: Attempt): string {
  if (!attempt.resource.startsWith("states:startExecution")) return "";
  try {
    const answer = JSON.parse(attempt.submitted || attempt.output || "{}") as {ExecutionArn?: unknown; executionArn?: unknown};
    const arn = answer.ExecutionArn ?? answer.executionArn;
    return typeof arn === "string" ? arn : "";
  } catch {
    return "";
  }
}

// The function that an attempt called; empty: none.
function functionName(attempt: Attempt, state: StateNode | undefined): string {
  const arn = attempt.resource.startsWith("arn:aws:lambda:") ? attempt.resource : "";
  let name = arn;
  if (!arn && attempt.resource.startsWith("lambda:invoke")) {
    try {
      const sent = JSON.parse(attempt.parameters) as {FunctionName?: unknown};
      name = typeof sent.FunctionName === "string" ? sent.FunctionName : "";
    } catch {
      name = state?.detail ?? "";
    }
  }
  return name.includes(":function:") ? name.split(":function:")[1]!.split(":")[0]! : name;
}

const iteration_height = 26;

function Iterations({visit, version, onPick}: {visit: Visit; version: number; onPick: (map: string, index: number | null) => void}) {
  const [only, setOnly] = useState("");
  const scopes = useMemo(() => visit.children.filter((scope) => only === "" || scope.status === only), [visit, version, only]);
  const [seen, setSeen] = useState<Scope | null>(null);
  useEffect(() => setSeen(null), [visit]);
  const statuses = [...new Set(visit.children.map((scope) => scope.status))];
  return (
    <section class="iterations" aria-label="Iterations">
      <div class="iterations-head">
        <h3>{plural(visit.children.length, "iteration")}{visit.length !== null && visit.length !== visit.children.length && ` of ${visit.length}`}</h3>
        {statuses.length > 1 && (
          <select aria-label="Which iterations" value={only} onChange={(event) => setOnly(event.currentTarget.value)}>
            <option value="">all</option>
            {statuses.map((status) => <option key={status} value={status}>{status}</option>)}
          </select>
        )}
      </div>
      <div style={{height: `${Math.min(6, scopes.length) * iteration_height}px`}} class="iterations-list">
        <WindowList count={scopes.length} rowHeight={iteration_height} label="Iterations" row={(i) => {
          const scope = scopes[i]!;
          return (
            <div key={scope.id} role="listitem" class={`iteration-row${seen === scope ? " chosen" : ""}`}>
              <button type="button" class="link" onClick={() => { setSeen(scope); onPick(visit.state, scope.index); }}>#{scope.index}</button>
              <VisitPill status={scope.status} />
              <span class="count">{scope.ended === null ? "" : durationText(scope.ended - scope.started)}</span>
            </div>
          );
        }} />
      </div>
    </section>
  );
}

