// Stopping or redriving many executions: first what would happen, then one after the other, with what came of each.
import {useRef, useState} from "preact/hooks";
import {api} from "../api/client.ts";
import type {ExecutionSummary} from "../api/types.ts";
import {awsCommand} from "../parts/cli_command.ts";
import {CliCommand, Dialog, StatusPill} from "../parts/basics.tsx";
import {plural, timeText} from "../format.ts";

type Action = "stop" | "redrive";

const shown_at_most = 200;

export function BulkDialog({action, executions, onClose}: {action: Action; executions: ExecutionSummary[]; onClose: () => void}) {
  const preview = useRef(executions).current;  // what was agreed to, whatever the list says meanwhile
  const [results, setResults] = useState<Map<string, string> | null>(null);
  const [busy, setBusy] = useState(false);
  const stopped = useRef(false);
  const run = async () => {
    setBusy(true);
    const done = new Map<string, string>();
    for (const {executionArn} of preview) {
      if (stopped.current) break;
      try {
        await (action === "stop" ? api.stop(executionArn, {}) : api.redrive(executionArn));
        done.set(executionArn, "done");
      } catch (error) {
        done.set(executionArn, (error as Error).message);
      }
      setResults(new Map(done));
    }
    setBusy(false);
  };
  const verb = action === "stop" ? "Stop" : "Redrive";
  const failed = [...(results?.values() ?? [])].filter((result) => result !== "done").length;
  const close = () => { stopped.current = true; onClose(); };
  return (
    <Dialog title={`${verb} ${plural(preview.length, "execution")}?`} onClose={close} wide>
      <p>{action === "stop" ? "Each ends as aborted; work that it handed out is cancelled." : "Each goes on at the states that failed; what succeeded is not run again."}</p>
      <div class="bulk-preview" tabIndex={0} role="region" aria-label="What is affected">
        <table><thead><tr><th>Name</th><th>State machine</th><th>Status</th><th>Started</th></tr></thead><tbody>
          {preview.slice(0, shown_at_most).map((row) => {
            const result = results?.get(row.executionArn);
            return (
              <tr key={row.executionArn}>
                <td>{row.name}</td><td>{row.stateMachineName}</td>
                <td>{result === undefined ? <StatusPill status={row.status} /> : <span class={result === "done" ? "good-text" : "bad-text"}>{result}</span>}</td>
                <td>{timeText(row.startDate)}</td>
              </tr>
            );
          })}
        </tbody></table>
        {preview.length > shown_at_most && <p>and {preview.length - shown_at_most} more</p>}
      </div>
      {results && <p role="status">{results.size} of {preview.length}{failed > 0 && `, ${failed} could not be`}</p>}
      <div class="actions">
        {!results && <button type="button" class={`button ${action === "stop" ? "danger" : "primary"}`} disabled={busy} onClick={run}>{verb} {plural(preview.length, "execution")}</button>}
        <button type="button" class="button" onClick={close}>{results && !busy ? "Close" : "Cancel"}</button>
      </div>
      {preview[0] && <CliCommand command={awsCommand(action === "stop" ? "stop-execution" : "redrive-execution", {"execution-arn": preview[0].executionArn}) + (preview.length > 1 ? "   # and so on for each" : "")} />}
    </Dialog>
  );
}
