// Functions, their invocations, how long they took and what they printed.
import {useLayoutEffect, useRef, useState} from "preact/hooks";
import {api, ApiError} from "../api/client.ts";
import {useLoad} from "../api/hooks.ts";
import type {FunctionSummary, Invocation} from "../api/types.ts";
import {count, durationText, plural, shortTime, timeText} from "../format.ts";
import {CopyButton, Empty, ErrorBox, Loading, PageHead, Tabs} from "../parts/basics.tsx";
import {useTitle} from "../parts/title.ts";
import {functionHref, setQuery, useAddress} from "../router.ts";

const madeOf = (each: FunctionSummary): string => each.url ?? each.runtime ?? each.command?.join(" ") ?? "";

function NotHere() {
  return <Empty title="Functions can't be shown"><p>This server does not give out its functions; a newer Pawl does.</p></Empty>;
}

export function FunctionsPage() {
  useTitle("Functions");
  const {data, error, reload} = useLoad("functions", (signal) => api.functions(signal), true);
  return (
    <>
      <PageHead title="Functions" />
      {error && <Failed error={error} retry={reload} />}
      {!data && !error && <Loading />}
      {data && data.functions.length === 0 && (
        <Empty title="No functions"><p>Say in a file which command is behind which name, and start the server with it:</p>
          <pre class="code" tabIndex={0} role="region" aria-label="Example">{`{"functions": {"greet": {"command": ["python3", "host.py", "greet.py"]}}}\n\npawl serve --functions functions.json`}</pre></Empty>
      )}
      {data && data.functions.length > 0 && (
        <table class="list functions">
          <thead><tr><th>Name</th><th>Runs</th><th class="number">Calls</th><th class="number">Errors</th><th>Now</th><th>Last call</th></tr></thead>
          <tbody>
            {data.functions.map((each) => (
              <tr key={each.name}>
                <td class="main"><a href={functionHref(each.name)}>{each.name}</a></td>
                <td class="label"><code>{madeOf(each)}</code></td>
                <td class="number aside">{each.invocations === undefined ? "" : count(each.invocations)}</td>
                <td class={`number ${each.errors ? "bad-text" : "aside"}`}>{each.errors === undefined ? "" : count(each.errors)}</td>
                <td class="status"><Busy fn={each} /></td>
                <td class="aside">{each.lastInvocation && shortTime(each.lastInvocation)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Failed({error, retry}: {error: Error; retry: () => void}) {
  return error instanceof ApiError && error.isMissing ? <NotHere /> : <ErrorBox error={error} retry={retry} />;
}

// What it does now; nothing when it rests.
function Busy({fn}: {fn: FunctionSummary}) {
  if (!fn.running && !fn.queued) return null;
  return <span class="pill running">{[fn.running && `${fn.running} running`, fn.queued && `${fn.queued} waiting`].filter(Boolean).join(", ")}</span>;
}

export function FunctionPage({name}: {name: string}) {
  useTitle(name);
  const {query} = useAddress();
  const {data: fn, error, reload} = useLoad(`function ${name}`, (signal) => api.fn(name, signal), true);
  const tab = query.get("tab") ?? "invocations";
  return (
    <>
      <PageHead title={name} crumbs={<a href="/functions">Functions</a>}>
        {fn && (
          <p class="status-line">
            <Busy fn={fn} /><code>{madeOf(fn)}</code>
            {fn.timeoutSeconds !== undefined && <span>time-out {durationText(fn.timeoutSeconds * 1000)}</span>}
            {fn.maxConcurrency !== undefined && <span>{fn.maxConcurrency} at once</span>}
            {fn.processes !== undefined && <span>{plural(fn.processes, "process", "processes")} up</span>}
            {fn.arn && <CopyButton text={fn.arn} label="Copy ARN" />}
          </p>
        )}
      </PageHead>
      {error && <Failed error={error} retry={reload} />}
      {!fn && !error && <Loading />}
      {fn && (
        <>
          <Tabs label="Views" chosen={tab} tabs={[
            {id: "invocations", label: "Invocations", href: functionHref(name), ...(fn.invocations !== undefined && {note: count(fn.invocations)})},
            {id: "log", label: "Log", href: `${functionHref(name)}?tab=log`},
          ]} />
          {tab === "log" ? <WholeLog name={name} key={name} /> : <Invocations name={name} request={query.get("request")} />}
        </>
      )}
    </>
  );
}

function Invocations({name, request}: {name: string; request: string | null}) {
  const {data, error, reload} = useLoad(`invocations ${name}`, (signal) => api.invocations(name, signal), true);
  const invocations = data?.invocations ?? [];
  const chosen = invocations.find((each) => each.requestId === request);
  const choose = (id: string | null) => setQuery({request: id}, {replace: true});
  if (!data) return error ? <ErrorBox error={error} retry={reload} /> : <Loading />;
  if (invocations.length === 0) return <Empty title="Not called yet"><p>When a state machine calls it, its invocations and what it prints appear here.</p></Empty>;
  return (
    <>
      {error && <ErrorBox error={error} retry={reload} />}
      <p class="status-line"><span>the newest {plural(invocations.length, "invocation")}</span><Summary invocations={invocations} /></p>
      <DurationChart invocations={invocations} chosen={chosen} onChoose={choose} />
      <div class={`invocations${chosen ? " with-detail" : ""}`}>
        <table class="list invocations-list">
          <thead><tr><th>Request</th><th>Started</th><th class="number">Duration</th><th class="number">Cold start</th><th>Result</th></tr></thead>
          <tbody>
            {invocations.map((each) => (
              <tr key={each.requestId} class={each === chosen ? "marked" : ""}>
                <td class="main"><button type="button" class="link" aria-pressed={each === chosen} onClick={() => choose(each === chosen ? null : each.requestId)}><code>{each.requestId.slice(0, 8)}</code></button></td>
                <td class="aside">{each.startDate ? timeText(each.startDate) : ""}</td>
                <td class="number aside">{each.durationMs === undefined ? "" : durationText(each.durationMs)}</td>
                <td class="number aside">{each.initMs ? durationText(each.initMs) : ""}</td>
                <td class="status"><Result invocation={each} /></td>
              </tr>
            ))}
          </tbody>
        </table>
        {chosen && <LogPane name={name} invocation={chosen} onClose={() => choose(null)} key={chosen.requestId} />}
      </div>
    </>
  );
}

function Result({invocation}: {invocation: Invocation}) {
  if (!invocation.finished) return <span class="pill running">{invocation.startDate ? "Running" : "Waiting"}</span>;
  return invocation.error ? <span class="pill failed">{invocation.error}</span> : <span class="pill succeeded">Succeeded</span>;
}

function Summary({invocations}: {invocations: Invocation[]}) {
  const times = invocations.map((each) => each.durationMs).filter((ms) => ms !== undefined).sort((a, b) => a - b);
  if (times.length === 0) return null;
  const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))]!;
  return <><span>median {durationText(at(0.5))}</span><span>p95 {durationText(at(0.95))}</span><span>longest {durationText(times[times.length - 1]!)}</span></>;
}

function LogPane({name, invocation, onClose}: {name: string; invocation: Invocation; onClose: () => void}) {
  const [whole, setWhole] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const log = whole ?? invocation.log;
  const loadWhole = async () => {
    try {
      setWhole((await api.functionLog(name, {requestId: invocation.requestId})).text);
      setError(null);
    } catch (thrown) {
      setError(thrown as Error);
    }
  };
  return (
    <aside class="detail" aria-label="Log">
      <div class="detail-head"><h2>Log</h2><CopyButton text={log} title="Copy the log" /><button type="button" class="quiet icon" aria-label="Close" onClick={onClose}>×</button></div>
      <p class="soft"><code>{invocation.requestId}</code></p>
      {invocation.truncated && whole === null && <p class="soft">These are the last lines. <button type="button" class="link" onClick={loadWhole}>Show more</button></p>}
      {error && <ErrorBox error={error} />}
      <LogText text={log} />
    </aside>
  );
}

function LogText({text}: {text: string}) {
  return <pre class="code log" tabIndex={0} role="region" aria-label="What it printed">{text || "(it printed nothing)"}</pre>;
}

const kept_characters = 500_000;

// The function's log as it grows; its end stays in view for those who are there.
function WholeLog({name}: {name: string}) {
  const held = useRef<{text: string; after: string | undefined; truncated: boolean}>({text: "", after: undefined, truncated: false});
  const box = useRef<HTMLDivElement>(null);
  const {data, error, reload} = useLoad(`log ${name}`, async (signal) => {
    const page = await api.functionLog(name, {...(held.current.after !== undefined && {after: held.current.after})}, signal);
    const text = (page.truncated ? "" : held.current.text) + page.text;
    const {truncated} = held.current;
    held.current = {text: text.slice(-kept_characters), after: page.nextAfter, truncated: truncated || page.truncated || text.length > kept_characters};
    return held.current;
  }, true);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [data]);
  if (!data) return error ? <ErrorBox error={error} retry={reload} /> : <Loading />;
  return (
    <>
      {error && <ErrorBox error={error} retry={reload} />}
      <div class="whole-log" ref={box} onScroll={(event) => { const {scrollTop, clientHeight, scrollHeight} = event.currentTarget; atEnd.current = scrollTop + clientHeight >= scrollHeight - 8; }}>
        {data.truncated && <p class="soft">Earlier lines are left out.</p>}
        <LogText text={data.text} />
      </div>
    </>
  );
}

const chart_height = 90;

// The newest at the right; a cold start stands on top of its duration.
function DurationChart({invocations, chosen, onChoose}: {invocations: Invocation[]; chosen: Invocation | undefined; onChoose: (id: string) => void}) {
  const bars = invocations.filter((each) => each.durationMs !== undefined).reverse();
  if (bars.length < 2) return null;
  const longest = Math.max(...bars.map((each) => (each.durationMs ?? 0) + (each.initMs ?? 0)), 1);
  const width = Math.max(300, bars.length * 8);
  return (
    <figure class="durations">
      <figcaption>Duration of the last {bars.length} <span class="soft">up to {durationText(longest)}{bars.some((each) => each.initMs) && ", cold starts included"}</span></figcaption>
      <svg viewBox={`0 0 ${width} ${chart_height}`} preserveAspectRatio="none" role="img" aria-label={`Durations of the last ${bars.length} invocations`}>
        {bars.map((each, i) => {
          const height = Math.max(1, (each.durationMs ?? 0) / longest * chart_height);
          const cold = (each.initMs ?? 0) / longest * chart_height;
          const step = width / bars.length;
          return (
            <g key={each.requestId} class={`duration ${each.error ? "failed" : "succeeded"}${each === chosen ? " chosen" : ""}`} onClick={() => onChoose(each.requestId)}>
              <title>{`${each.startDate ? `${timeText(each.startDate)}: ` : ""}${durationText(each.durationMs ?? 0)}${each.initMs ? `, cold start ${durationText(each.initMs)}` : ""}`}</title>
              <rect class="hit" x={i * step} y="0" width={step} height={chart_height} />
              <rect x={i * step + 1} y={chart_height - height} width={Math.max(1, step - 2)} height={height} />
              {cold > 0 && <rect class="cold" x={i * step + 1} y={chart_height - height - cold} width={Math.max(1, step - 2)} height={cold} />}
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
