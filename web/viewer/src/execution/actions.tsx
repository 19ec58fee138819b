// What can be done with an execution; each dialog shows the AWS CLI's way too.
import {useState} from "preact/hooks";
import {api} from "../api/client.ts";
import type {Execution, ExecutionSummary} from "../api/types.ts";
import {awsCommand} from "../parts/cli_command.ts";
import {CliCommand, Dialog, ErrorBox, Field} from "../parts/basics.tsx";
import {useAction} from "../parts/use_action.ts";
import {machineHref} from "../router.ts";

export const canRedrive = (execution: ExecutionSummary): boolean =>
  (["FAILED", "ABORTED", "TIMED_OUT"] as string[]).includes(execution.status) && !execution.executionArn.includes(":express:");

// "machine/label" of a distributed Map's child → "machine".
export const machineOf = (execution: ExecutionSummary): string => execution.stateMachineName.split("/")[0]!;

export function ExecutionActions({execution, onChange}: {execution: Execution; onChange: () => void}) {
  const [open, setOpen] = useState<"stop" | "redrive" | null>(null);
  const close = () => setOpen(null);
  const child = execution.mapRunArn !== undefined;  // redriven with its parent, and started by it alone
  return (
    <>
      {execution.status === "RUNNING" && <button type="button" class="button danger" onClick={() => setOpen("stop")}>Stop…</button>}
      {!child && canRedrive(execution) && <button type="button" class="button" onClick={() => setOpen("redrive")}>Redrive…</button>}
      {!child && <a class="button" href={machineHref(machineOf(execution), `/start?from=${encodeURIComponent(execution.executionArn)}`)}>Start again…</a>}
      {open === "stop" && <StopDialog execution={execution} onClose={close} onDone={onChange} />}
      {open === "redrive" && <RedriveDialog execution={execution} onClose={close} onDone={onChange} />}
    </>
  );
}

interface DialogProperties {
  execution: Execution;
  onClose: () => void;
  onDone: () => void;
}

function StopDialog({execution, onClose, onDone}: DialogProperties) {
  const [name, setName] = useState("");
  const [cause, setCause] = useState("");
  const {error, busy, run} = useAction(() => api.stop(execution.executionArn, {...(name && {error: name}), ...(cause && {cause})}), () => (onDone(), onClose()));
  return (
    <Dialog title="Stop this execution?" onClose={onClose}>
      <form class="form" onSubmit={run}>
        <p>{execution.name} ends as aborted. Work that it handed out is cancelled.</p>
        <Field label="Error (optional)"><input value={name} maxLength={256} onInput={(event) => setName(event.currentTarget.value)} /></Field>
        <Field label="Cause (optional)"><input value={cause} onInput={(event) => setCause(event.currentTarget.value)} /></Field>
        {error && <ErrorBox error={error} />}
        <div class="actions"><button class="button danger" disabled={busy}>Stop it</button><button type="button" class="button" onClick={onClose}>Let it run</button></div>
      </form>
      <CliCommand command={awsCommand("stop-execution", {"execution-arn": execution.executionArn, error: name, cause})} />
    </Dialog>
  );
}

function RedriveDialog({execution, onClose, onDone}: DialogProperties) {
  const {error, busy, run} = useAction(() => api.redrive(execution.executionArn), () => (onDone(), onClose()));
  return (
    <Dialog title="Redrive this execution?" onClose={onClose}>
      <form class="form" onSubmit={run}>
        <p>{execution.name} goes on at the states that failed, with their input as it was. What succeeded is not run again.</p>
        {error && <ErrorBox error={error} />}
        <div class="actions"><button class="button primary" disabled={busy}>Redrive it</button><button type="button" class="button" onClick={onClose}>Leave it</button></div>
      </form>
      <CliCommand command={awsCommand("redrive-execution", {"execution-arn": execution.executionArn})} />
    </Dialog>
  );
}
