// Functions, their invocations, how long they took and what they printed.
import {useState} from "preact/hooks";
import {api, ApiError} from "../api/client.ts";
import {useLoad} from "../api/hooks.ts";
import type {FunctionSummary, Invocation} from "../api/types.ts";
import {durationText, plural, timeText} from "../format.ts";
import {CopyButton, Empty, ErrorBox, Loading, PageHead} from "../parts/basics.tsx";
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
      {error && (error instanceof ApiError && error.isMissing ? <NotHere /> : <ErrorBox error={error} retry={reload} />)}
      {!data && !error && <Loading />}
      {data && data.functions.length === 0 && (
        <Empty title="No functions"><p>Say in a file which command is behind which name, and start the server with it:</p>
          <pre class="code" tabIndex={0} role="region" aria-label="Example">{`{"functions": {"greet": {"command": ["python3", "host.py", "greet.py"]}}}\n\npawl serve --functions functions.json`}</pre></Empty>
      )}
      {data && data.functions.length > 0 && (
        <table class="list functions">
          <thead><tr><th>Name</th><th>Runs</th><th class="number">Time-out</th><th class="number">At once</th></tr></thead>
          <tbody>
            {data.functions.map((each) => (
              <tr key={each.name}>
                <td class="main"><a href={functionHref(each.name)}>{each.name}</a></td>
                <td class="label"><code>{madeOf(each)}</code></td>
                <td class="number aside">{each.timeoutSeconds === undefined ? "" : durationText(each.timeoutSeconds * 1000)}</td>
                <td class="number aside">{each.maxConcurrency ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

export function FunctionPage({name}: {name: string}) {
  useTitle(name);
  const {query} = useAddress();
  const {data, error, reload} = useLoad(`invocations ${name}`, (signal) => api.invocations(name, signal), true);
  const invocations = data?.invocations ?? [];
  const chosen = invocations.find((each) => each.requestId === query.get("request"));
  const choose = (id: string | null) => setQuery({request: id}, {replace: true});
  return (
    <>
      <PageHead title={name} crumbs={<a href="/functions">Functions</a>}>
        {data && <p class="status-line">{plural(invocations.length, "invocation")} in the log{invocations.length > 0 && <Summary invocations={invocations} />}</p>}
      </PageHead>
      {error && (error instanceof ApiError && error.isMissing && error.code === "" ? <NotHere /> : <ErrorBox error={error} retry={reload} />)}
      {!data && !error && <Loading />}
      {data && invocations.length === 0 && <Empty title="Not called yet"><p>When a state machine calls it, its invocations and what it prints appear here.</p></Empty>}
      {invocations.length > 0 && (
        <>
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
                    <td class="status">{!each.finished ? <span class="pill running">Running</span> : each.error ? <span class="pill failed">{each.error}</span> : <span class="pill succeeded">Ended</span>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {chosen && <LogPane invocation={chosen} onClose={() => choose(null)} />}
          </div>
        </>
      )}
    </>
  );
}

function Summary({invocations}: {invocations: Invocation[]}) {
  const times = invocations.map((each) => each.durationMs).filter((ms) => ms !== undefined).sort((a, b) => a - b);
  if (times.length === 0) return null;
  const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))]!;
  return <><span>median {durationText(at(0.5))}</span><span>p95 {durationText(at(0.95))}</span><span>longest {durationText(times[times.length - 1]!)}</span></>;
}

function LogPane({invocation, onClose}: {invocation: Invocation; onClose: () => void}) {
  return (
    <aside class="detail" aria-label="Log">
      <div class="detail-head"><h2>Log</h2><CopyButton text={invocation.log} title="Copy the log" /><button type="button" class="quiet icon" aria-label="Close" onClick={onClose}>×</button></div>
      <p class="soft"><code>{invocation.requestId}</code></p>
      <pre class="code log" tabIndex={0} role="region" aria-label="What it printed">{invocation.log || "(it printed nothing)"}</pre>
      {invocation.truncated && <p class="soft">The rest was left out.</p>}
    </aside>
  );
}

const chart_height = 90;

// The newest at the right; a cold start stands on top of its duration.
function DurationChart({invocations, chosen, onChoose}: {invocations: Invocation[]; chosen: Invocation | undefined; onChoose: (id: string) => void}) {
  const [shown] = useState(200);
  const bars = invocations.filter((each) => each.durationMs !== undefined).slice(0, shown).reverse();
  if (bars.length < 2) return null;
  const longest = Math.max(...bars.map((each) => (each.durationMs ?? 0) + (each.initMs ?? 0)), 1);
  const width = Math.max(300, bars.length * 8);
  return (
    <figure class="durations">
      <figcaption>Duration of the last {bars.length} <span class="soft">up to {durationText(longest)}</span></figcaption>
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
