// Deleting a state machine, after a question.
import {useState} from "preact/hooks";
import {api} from "../api/client.ts";
import type {Machine} from "../api/types.ts";
import {CliCommand, Dialog, ErrorBox} from "../parts/basics.tsx";
import {awsCommand} from "../parts/cli_command.ts";
import {useAction} from "../parts/use_action.ts";
import {navigate} from "../router.ts";

export function DeleteMachine({machine}: {machine: Machine}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="button danger" onClick={() => setOpen(true)}>Delete…</button>
      {open && <DeleteDialog machine={machine} onClose={() => setOpen(false)} />}
    </>
  );
}

function DeleteDialog({machine, onClose}: {machine: Machine; onClose: () => void}) {
  const {error, busy, run} = useAction(() => api.deleteMachine(machine.name), () => navigate("/state-machines"));
  return (
    <Dialog title="Delete this state machine?" onClose={onClose}>
      <form class="form" onSubmit={run}>
        <p>{machine.name} can be started no more. Executions that run go on to their end; then it is gone, with its versions and aliases.</p>
        {error && <ErrorBox error={error} />}
        <div class="actions"><button class="button danger" disabled={busy}>Delete it</button><button type="button" class="button" onClick={onClose}>Keep it</button></div>
      </form>
      <CliCommand command={awsCommand("delete-state-machine", {"state-machine-arn": machine.stateMachineArn})} />
    </Dialog>
  );
}
