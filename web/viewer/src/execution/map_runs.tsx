// What a Map in distributed mode started: its runs, how far they are, and the way to their children.
import {useState} from "preact/hooks";
import {api} from "../api/client.ts";
import {useLoad} from "../api/hooks.ts";
import type {MapRun} from "../api/types.ts";
import {count, durationBetween, plural, statuses, statusName, statusTone} from "../format.ts";
import {ErrorBox, Loading, StatusPill} from "../parts/basics.tsx";
import {executionHref, mapRunHref} from "../router.ts";

const shown_children = 20;

// The newest first: an earlier one is there when the Map was retried.
export function MapRuns({arns, running}: {arns: string[]; running: boolean}) {
  return <>{[...arns].reverse().map((arn, i) => <OneRun key={arn} arn={arn} live={running && i === 0} number={arns.length > 1 ? arns.length - i : 0} />)}</>;
}

function OneRun({arn, live, number}: {arn: string; live: boolean; number: number}) {
  const [status, setStatus] = useState("");
  const run = useLoad(`map run ${arn}`, (signal) => api.mapRun(arn, signal), live);
  const list = useLoad(`children ${arn} ${status}`, (signal) => api.executions("", {mapRun: arn, status, limit: shown_children}, signal), live);
  const children = list.data?.executions ?? [];
  const error = run.error ?? list.error;
  return (
    <section class="map-run" aria-label="Map Run">
      <h3>Map Run{number > 0 && ` ${number}`} {run.data && <StatusPill status={run.data.status} />} <a href={mapRunHref(arn)}>all children</a></h3>
      {error && <ErrorBox error={error} />}
      {!run.data && !error && <Loading />}
      {run.data && <MapRunCounts run={run.data} />}
      {run.data && <p class="soft">{toleranceText(run.data)}</p>}
      {run.data && (
        <select aria-label="Which children" value={status} onChange={(event) => setStatus(event.currentTarget.value)}>
          <option value="">all children</option>
          {counted(run.data.executionsByStatus).map(([each, n]) => <option key={each} value={each}>{statusName(each).toLowerCase()}: {count(n)}</option>)}
        </select>
      )}
      <ul class="children" aria-label="Children">
        {children.map((child) => (
          <li key={child.executionArn}>
            <span class="count">#{child.itemIndex}</span><a href={executionHref(child.executionArn)}>{child.name}</a><StatusPill status={child.status} />
            <span class="count">{child.stopDate && durationBetween(child.startDate, child.stopDate, 0)}</span>
          </li>
        ))}
      </ul>
      {list.data && children.length === 0 && <p class="pending">None{status && ` ${statusName(status).toLowerCase()}`}.</p>}
      {list.data?.nextCursor && <p><a href={`${mapRunHref(arn)}${status && `?status=${status}`}`}>More children</a></p>}
    </section>
  );
}

// The Map Runs of these ARNs, by ARN; the latest numbers while `live`. One that can't be had is left out.
export function useMapRuns(arns: readonly string[], live: boolean): ReadonlyMap<string, MapRun> {
  const loaded = useLoad(`map runs ${arns.join(" ")}`, async (signal) => {
    const runs = await Promise.all(arns.map((arn) => api.mapRun(arn, signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return null;
    })));
    return new Map(runs.flatMap((run): [string, MapRun][] => (run ? [[run.mapRunArn, run]] : [])));
  }, live && arns.length > 0);
  return loaded.data ?? no_runs;
}
const no_runs: ReadonlyMap<string, MapRun> = new Map();

// In the order that statuses always have.
const counted = (byStatus: MapRun["itemsByStatus"]) => statuses.flatMap((status): [string, number][] => {
  const n = byStatus[status] ?? 0;
  return n > 0 ? [[status, n]] : [];
});

export function toleranceText(run: MapRun): string {
  const parts = [
    run.toleratedFailureCount > 0 && plural(run.toleratedFailureCount, "failure"),
    run.toleratedFailurePercentage > 0 && `${run.toleratedFailurePercentage}% of failures`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? "no failure tolerated" : `${parts.join(" or ")} tolerated`;
}

// A bar with a part for each status, and the numbers beneath.
export function MapRunCounts({run}: {run: MapRun}) {
  const items = counted(run.itemsByStatus);
  const known = items.reduce((sum, [, n]) => sum + n, 0);
  const total = Math.max(run.items, known, 1);
  return (
    <figure class="progress" aria-label="Items by status">
      <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        {items.map(([status, n], i) => {
          const before = items.slice(0, i).reduce((sum, [, each]) => sum + each, 0);
          return <rect key={status} class={statusTone(status)} x={before / total * 1000} y="0" width={n / total * 1000} height="10" />;
        })}
      </svg>
      <figcaption>
        <span>{plural(Math.max(run.items, known), "item")}</span>
        {items.map(([status, n]) => <span key={status} class={`pill ${statusTone(status)}`}>{statusName(status)} {count(n)}</span>)}
        {run.status === "RUNNING" && total > known && <span class="pill">Not begun {count(total - known)}</span>}
      </figcaption>
    </figure>
  );
}
