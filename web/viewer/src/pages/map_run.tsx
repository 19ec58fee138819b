// One Map Run: how far it is, and its children, which are executions of their own.
import {api} from "../api/client.ts";
import {useLoad, useNow} from "../api/hooks.ts";
import {durationBetween, timeText} from "../format.ts";
import {MapRunCounts, toleranceText} from "../execution/map_runs.tsx";
import {CopyButton, ErrorBox, Loading, PageHead, StatusPill} from "../parts/basics.tsx";
import {useTitle} from "../parts/title.ts";
import {executionHref} from "../router.ts";
import {ExecutionList} from "./executions.tsx";

export function MapRunPage({arn}: {arn: string}) {
  const {data: run, error, reload} = useLoad(`map run ${arn}`, (signal) => api.mapRun(arn, signal), true);
  const now = useNow(run?.status === "RUNNING", 1000);
  useTitle(run ? `Map Run of ${run.state}` : "Map Run");
  if (!run) return error ? <ErrorBox error={error} retry={reload} back={<a href="/executions">All executions</a>} /> : <Loading />;
  const parent = run.executionArn.split(":").pop();
  return (
    <>
      <PageHead title={`Map Run of ${run.state}`} crumbs={<><a href="/executions">Executions</a> / <a href={executionHref(run.executionArn, `?state=${encodeURIComponent(run.state)}`)}>{parent}</a></>}>
        <p class="status-line">
          <StatusPill status={run.status} />
          <span>{timeText(run.startDate)}</span>
          <span class="duration">{durationBetween(run.startDate, run.stopDate, now)}</span>
          {run.maxConcurrency > 0 && <span>at most {run.maxConcurrency} at once</span>}
          <span>{toleranceText(run)}</span>
          {run.redriveCount > 0 && <span>redriven {run.redriveCount}×</span>}
          <CopyButton text={arn} label="Copy ARN" />
        </p>
      </PageHead>
      {error && <ErrorBox error={error} retry={reload} />}
      <MapRunCounts run={run} />
      <ExecutionList mapRun={arn} />
    </>
  );
}
