// A task that waits for its token, answered by hand.
import {useState} from "preact/hooks";
import {api} from "../api/client.ts";
import {CodeEditor} from "../parts/code_editor.tsx";
import {awsCommand} from "../parts/cli_command.ts";
import {CliCommand, CopyButton, Dialog, ErrorBox, Field} from "../parts/basics.tsx";
import {parseValue} from "../json/value.ts";

export function AnswerTask({waits, token}: {waits: boolean; token: string}) {
  const [open, setOpen] = useState(false);
  if (!waits) return null;
  return (
    <div class="notice waiting">
      <p><strong>Waiting for an answer</strong> from outside{token && <> <CopyButton text={token} label="Copy token" /></>}</p>
      <button type="button" class="button small" onClick={() => setOpen(true)}>Answer…</button>
      {open && <AnswerDialog known={token} onClose={() => setOpen(false)} />}
    </div>
  );
}

function AnswerDialog({known, onClose}: {known: string; onClose: () => void}) {
  const [token, setToken] = useState(known);
  const [success, setSuccess] = useState(true);
  const [output, setOutput] = useState("{}");
  const [name, setName] = useState("");
  const [cause, setCause] = useState("");
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const parsed = parseValue(output);
  const wrong = success && "error" in parsed ? parsed.error : "";
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      if (success) await api.taskSuccess(token, output);
      else await api.taskFailure(token, {...(name && {error: name}), ...(cause && {cause})});
      onClose();
    } catch (thrown) {
      setError(thrown as Error);
    }
    setBusy(false);
  };
  const command = success ? awsCommand("send-task-success", {"task-token": token, "task-output": output})
    : awsCommand("send-task-failure", {"task-token": token, error: name, cause});
  return (
    <Dialog title="Answer the task" onClose={onClose} wide>
      <form class="form" onSubmit={send}>
        {!known && <Field label="Task token" hint="The worker was given it; it is not among the parameters that the history shows."><input value={token} onInput={(event) => setToken(event.currentTarget.value)} required /></Field>}
        <div class="choice" role="radiogroup" aria-label="Answer">
          <label><input type="radio" name="answer" checked={success} onChange={() => setSuccess(true)} /> It succeeded</label>
          <label><input type="radio" name="answer" checked={!success} onChange={() => setSuccess(false)} /> It failed</label>
        </div>
        {success
          ? <><CodeEditor text={output} onChange={setOutput} label="Output" invalid={wrong !== ""} minLines={5} maxLines={14} /><p class="field-error">{wrong}</p></>
          : <><Field label="Error"><input value={name} maxLength={256} onInput={(event) => setName(event.currentTarget.value)} placeholder="OutOfStock" /></Field>
            <Field label="Cause"><textarea rows={3} value={cause} onInput={(event) => setCause(event.currentTarget.value)} /></Field></>}
        {error && <ErrorBox error={error} />}
        <div class="actions"><button class="button primary" disabled={busy || wrong !== "" || !token}>Send</button><button type="button" class="button" onClick={onClose}>Cancel</button></div>
      </form>
      <CliCommand command={command} />
    </Dialog>
  );
}
