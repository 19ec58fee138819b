// One state machine: its graph, its definition with what is doubtful in it, its revisions, how it fares.
import {useCallback, useMemo, useState} from "preact/hooks";
import {api, ApiError, aws, isAbort} from "../api/client.ts";
import {useLoad} from "../api/hooks.ts";
import type {JsonObject, Machine} from "../api/types.ts";
import {readGraphText} from "../asl/definition.ts";
import {GraphView} from "../graph/graph_view.tsx";
import {usePicture} from "../graph/use_picture.ts";
import {count, durationText, plural, statusName, timeText} from "../format.ts";
import {DiffView} from "../json/diff_view.tsx";
import {JsonView} from "../json/json_tree.tsx";
import {CopyButton, ErrorBox, Loading, PageHead, Tabs} from "../parts/basics.tsx";
import {CodeEditor, Diagnostics} from "../parts/code_editor.tsx";
import {useTitle} from "../parts/title.ts";
import {machineHref, setQuery, useAddress, withQuery} from "../router.ts";
import {DeleteMachine} from "./delete_machine.tsx";
import {ExecutionList} from "./executions.tsx";

export function MachinePage({name}: {name: string}) {
  useTitle(name);
  const {query} = useAddress();
  const tab = query.get("tab") ?? "executions";
  const {data: machine, error, reload} = useLoad(`machine ${name}`, (signal) => api.machine(name, signal));
  if (!machine) return error ? <ErrorBox error={error} retry={reload} back={<a href="/state-machines">All state machines</a>} /> : <Loading />;
  const tabs = [["executions", "Executions"], ["graph", "Graph"], ["definition", "Definition"], ["revisions", "Revisions"], ["versions", "Versions and aliases"], ["statistics", "Statistics"]];
  return (
    <>
      <PageHead title={machine.name} crumbs={<a href="/state-machines">State machines</a>} actions={<>
        <a class="button primary" href={machineHref(machine.name, "/start")}>Start an execution</a>
        <a class="button" href={`/author?machine=${encodeURIComponent(machine.name)}`}>Edit</a>
        {machine.status !== "DELETING" && <DeleteMachine machine={machine} />}</>}>
        <p class="status-line">
          <span>{machine.type === "STANDARD" ? "Standard" : "Express"}</span>
          {machine.status === "DELETING" && <span class="pill aborted">Deleting</span>}
          <span>updated {timeText(machine.updateDate)}</span>
          <CopyButton text={machine.stateMachineArn} label="Copy ARN" />
        </p>
      </PageHead>
      <Tabs label="Views" chosen={tab} tabs={tabs.map(([id, label]) => ({id: id!, label: label!, href: machineHref(machine.name, id === "executions" ? "" : `?tab=${id}`)}))} />
      {tab === "graph" ? <Graph machine={machine} state={query.get("state")} />
        : tab === "definition" ? <Definition machine={machine} />
          : tab === "revisions" ? <Revisions name={machine.name} />
            : tab === "versions" ? <Versions machine={machine} />
              : tab === "statistics" ? <Statistics name={machine.name} />
                : <ExecutionList machine={machine.name} />}
    </>
  );
}

function Graph({machine, state}: {machine: Machine; state: string | null}) {
  const picture = usePicture(machine.definitionText);
  const graph = useMemo(() => readGraphText(machine.definitionText), [machine.definitionText]);
  const node = state === null ? undefined : graph?.states.get(state);
  const choose = useCallback((name: string | null) => setQuery({state: name}, {replace: true}), []);
  if (picture === undefined) return <Loading what="Drawing the graph" />;
  if (picture === null) return <p class="pending">The definition can't be read, so there is no graph.</p>;
  return (
    <div class={`split${node ? " with-detail" : ""}`}>
      <div class="stage"><GraphView picture={picture} overlay={null} chosen={state} onChoose={choose} label={`Graph of ${machine.name}`} /></div>
      {node && (
        <aside class="inspector" aria-label={`State ${node.name}`}>
          <div class="detail-head"><h2>{node.name}</h2><button type="button" class="quiet icon" aria-label="Close" onClick={() => choose(null)}>×</button></div>
          <p class="subtitle">{node.type}{node.detail && ` · ${node.detail}`}</p>
          <JsonView text={JSON.stringify(node.fields)} label={`Definition of ${node.name}`} />
        </aside>
      )}
    </div>
  );
}

function Definition({machine}: {machine: Machine}) {
  const {data, error} = useLoad(`validate ${machine.revisionId} ${machine.name}`, (signal) => api.validate(machine.definitionText, machine.type, signal));
  const [goTo, setGoTo] = useState<{line: number; again: number} | null>(null);
  const diagnostics = data?.diagnostics ?? [];
  return (
    <>
      {error && <ErrorBox error={error} />}
      {diagnostics.length > 0 && <Diagnostics diagnostics={diagnostics} onGo={(line) => setGoTo({line, again: Date.now()})} />}
      <div class="section-head"><h2>{plural(machine.definitionText.split("\n").length, "line")}</h2>{data && diagnostics.length === 0 && <span class="good-text">nothing to complain about</span>}
        <CopyButton text={machine.definitionText} label="Copy definition" /></div>
      <div class="tall"><CodeEditor text={machine.definitionText} label={`Definition of ${machine.name}`} diagnostics={diagnostics} goTo={goTo} /></div>
    </>
  );
}

function Missing({what}: {what: string}) {
  return <p class="pending">{what} This server does not give them out; a newer Pawl does.</p>;
}

function Revisions({name}: {name: string}) {
  const {query} = useAddress();
  const {data, error, reload} = useLoad(`revisions ${name}`, (signal) => api.revisions(name, signal));
  if (error instanceof ApiError && error.isMissing) return <Missing what="Every change of a definition makes a revision." />;
  if (!data) return error ? <ErrorBox error={error} retry={reload} /> : <Loading />;
  const revisions = data.revisions;
  const right = revisions.find((each) => each.revisionId === query.get("right")) ?? revisions[0];
  const left = revisions.find((each) => each.revisionId === query.get("left")) ?? revisions[1];
  const title = (id: string, at: string, current: boolean) => `${timeText(at)} · ${id.slice(0, 8)}${current ? " (current)" : ""}`;
  const choose = (label: string, parameter: string, chosen: string) => (
    <label class="inline">{label} <select value={chosen} onChange={(event) => setQuery({[parameter]: event.currentTarget.value}, {replace: true})}>
      {revisions.map((each) => <option key={each.revisionId} value={each.revisionId}>{title(each.revisionId, each.creationDate, each.current)}</option>)}</select></label>
  );
  if (!right || !left) return <p class="pending">There is one revision: the definition has not been changed since the state machine was created.</p>;
  return (
    <>
      <div class="filters">{choose("From", "left", left.revisionId)}{choose("to", "right", right.revisionId)}<span class="count">{plural(revisions.length, "revision")}</span></div>
      <div class="tall diff-page"><DiffView left={left.definitionText} right={right.definitionText} label="Difference between the revisions" /></div>
    </>
  );
}

interface Version {
  stateMachineVersionArn: string;
  creationDate: number;
}
interface Alias {
  stateMachineAliasArn: string;
  creationDate: number;
}

const lastOf = (arn: string): string => arn.split(":").pop() ?? arn;

async function versionsOf(arn: string, signal: AbortSignal) {
  const versions = await aws<JsonObject>("ListStateMachineVersions", {stateMachineArn: arn, maxResults: 100}, signal);
  const aliases = await aws<JsonObject>("ListStateMachineAliases", {stateMachineArn: arn, maxResults: 100}, signal);
  const found = (aliases["stateMachineAliases"] ?? []) as unknown as Alias[];
  const routing = await Promise.all(found.map(async (alias) => {
    try {
      const described = await aws<JsonObject>("DescribeStateMachineAlias", {stateMachineAliasArn: alias.stateMachineAliasArn}, signal);
      return ((described["routingConfiguration"] ?? []) as unknown as {stateMachineVersionArn: string; weight: number}[])
        .map((route) => `${route.weight}% version ${lastOf(route.stateMachineVersionArn)}`).join(", ");
    } catch (error) {
      if (isAbort(error)) throw error;
      return "";
    }
  }));
  return {versions: (versions["stateMachineVersions"] ?? []) as unknown as Version[], aliases: found.map((alias, i) => ({...alias, routing: routing[i] ?? ""}))};
}

function Versions({machine}: {machine: Machine}) {
  const {data, error, reload} = useLoad(`versions ${machine.stateMachineArn}`, (signal) => versionsOf(machine.stateMachineArn, signal));
  if (error instanceof ApiError && error.isMissing) return <Missing what="Versions freeze a definition, aliases point to them." />;
  if (!data) return error ? <ErrorBox error={error} retry={reload} /> : <Loading />;
  return (
    <div class="panels">
      <section class="panel"><h2>Versions</h2>
        {data.versions.length === 0 ? <p class="pending">None published. <code>publish-state-machine-version</code> makes one.</p>
          : <table class="plain"><thead><tr><th>Version</th><th>Published</th></tr></thead><tbody>
            {data.versions.map((version) => <tr key={version.stateMachineVersionArn}><td>{lastOf(version.stateMachineVersionArn)}</td><td class="aside">{timeText(version.creationDate * 1000)}</td></tr>)}</tbody></table>}
      </section>
      <section class="panel"><h2>Aliases</h2>
        {data.aliases.length === 0 ? <p class="pending">None. <code>create-state-machine-alias</code> makes one.</p>
          : <table class="plain"><thead><tr><th>Alias</th><th>Leads to</th></tr></thead><tbody>
            {data.aliases.map((alias) => <tr key={alias.stateMachineAliasArn}><td>{lastOf(alias.stateMachineAliasArn)}</td><td class="aside">{alias.routing}</td></tr>)}</tbody></table>}
      </section>
    </div>
  );
}

function Statistics({name}: {name: string}) {
  const {data, error, reload} = useLoad(`statistics ${name}`, (signal) => api.statistics(name, signal), true);
  if (error instanceof ApiError && error.isMissing) return <Missing what="Success rate and durations." />;
  if (!data) return error ? <ErrorBox error={error} retry={reload} /> : <Loading />;
  if (data.executions === 0) return <p class="pending">Nothing to count yet: there has been no execution.</p>;
  const ended = data.executions - (data.byStatus.RUNNING ?? 0);
  const good = data.byStatus.SUCCEEDED ?? 0;
  const longest = Math.max(1, ...data.states.map((state) => state.p95Ms));
  return (
    <>
      <p class="soft">{data.complete ? "All" : "The newest"} {plural(data.executions, "execution")}</p>
      <div class="numbers">
        <div><strong>{ended === 0 ? "–" : `${(good / ended * 100).toFixed(good === ended ? 0 : 1)}%`}</strong><span>succeeded</span></div>
        <div><strong>{ended === 0 ? "–" : durationText(data.p50Ms)}</strong><span>median duration</span></div>
        <div><strong>{ended === 0 ? "–" : durationText(data.p95Ms)}</strong><span>95% take less than</span></div>
        {Object.entries(data.byStatus).map(([status, n]) => <div key={status}><strong>{count(n)}</strong><a href={withQuery({tab: null, status})}>{statusName(status).toLowerCase()}</a></div>)}
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label="Statistics of states">
        <table class="statistics">
          <thead><tr><th>State</th><th class="number">Visits</th><th class="number">Failed</th><th class="number">Retries</th><th class="number">p50</th><th class="number">p95</th><th class="number">max</th><th class="chart" /></tr></thead>
          <tbody>
            {data.states.map((state) => (
              <tr key={state.name}>
                <td class="main"><a href={withQuery({tab: "graph", state: state.name})}>{state.name}</a> <small class="soft">{state.type}</small></td>
                <td class="number">{count(state.visits)}</td>
                <td class={`number${state.failures > 0 ? " bad-text" : ""}`}>{count(state.failures)}</td>
                <td class="number">{count(state.retries)}</td>
                <td class="number">{durationText(state.p50Ms)}</td><td class="number">{durationText(state.p95Ms)}</td><td class="number">{durationText(state.maxMs)}</td>
                <td class="chart"><div class="meter" aria-hidden="true"><i class="p95" style={{width: `${state.p95Ms / longest * 100}%`}} /><i class="p50" style={{width: `${state.p50Ms / longest * 100}%`}} /></div></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
