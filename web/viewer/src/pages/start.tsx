// Starting an execution: input with checks, the last inputs at hand, or the input of an earlier execution to change.
import {useEffect, useState} from "preact/hooks";
import {api} from "../api/client.ts";
import {useLoad} from "../api/hooks.ts";
import {CliCommand, ErrorBox, Field, Loading, PageHead} from "../parts/basics.tsx";
import {awsCommand} from "../parts/cli_command.ts";
import {CodeEditor} from "../parts/code_editor.tsx";
import {lastInputs, rememberInput} from "../parts/remembered.ts";
import {useTitle} from "../parts/title.ts";
import {parseValue, prettyText} from "../json/value.ts";
import {timeText} from "../format.ts";
import {executionHref, machineHref, navigate, useAddress} from "../router.ts";

// The address may hold the machine's ARN.
export function StartPage({name: nameOrArn}: {name: string}) {
  const name = nameOrArn.split(":").pop()!;
  useTitle(`Start ${name}`);
  const {query} = useAddress();
  const from = query.get("from");
  const {data: machine, error, reload} = useLoad(`machine ${name}`, (signal) => api.machine(name, signal));
  const earlier = useLoad(`from ${from ?? ""}`, async (signal) => (from ? api.execution(from, signal) : null));
  const remembered = lastInputs(name);
  const [input, setInput] = useState(remembered[0]?.input ?? "{}");
  const [title, setTitle] = useState("");
  const [failure, setFailure] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => { if (earlier.data) setInput(prettyText(earlier.data.inputText)); }, [earlier.data]);
  if (!machine) return error ? <ErrorBox error={error} retry={reload} back={<a href="/state-machines">All state machines</a>} /> : <Loading />;
  const parsed = parseValue(input);
  const wrong = "error" in parsed ? parsed.error : "";
  const start = async (event: Event) => {
    event.preventDefault();
    if (wrong) return;
    setBusy(true);
    try {
      const execution = await api.start(name, {inputText: input, ...(title && {name: title})});
      rememberInput(name, input);
      navigate(executionHref(execution.executionArn));
    } catch (thrown) {
      setFailure(thrown as Error);
      setBusy(false);
    }
  };
  return (
    <div class="start-page">
      <PageHead title={`Start ${name}`} crumbs={<><a href="/state-machines">State machines</a> / <a href={machineHref(name)}>{name}</a></>} />
      <div class="start-columns">
        <form class="form" onSubmit={start} onKeyDown={(event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void start(event); }}>
          {earlier.error && <ErrorBox error={earlier.error} />}
          {earlier.data && <p class="soft">With the input of <a href={executionHref(earlier.data.executionArn)}>{earlier.data.name}</a>, to change as you like.</p>}
          <Field label="Name (optional)" hint="Made up when it is left out; once used, a name is taken for 90 days."><input value={title} maxLength={80} onInput={(event) => setTitle(event.currentTarget.value)} /></Field>
          <div class="field"><span>Input</span>
            <CodeEditor text={input} onChange={setInput} label="Input" invalid={wrong !== ""} describedBy="input-error" minLines={10} maxLines={28} /></div>
          <p class="field-error" id="input-error" role="status">{wrong && `No JSON: ${wrong}`}</p>
          {failure && <ErrorBox error={failure} />}
          <div class="actions">
            <button class="button primary" disabled={busy || wrong !== ""} title="Ctrl+Enter">Start</button>
            <button type="button" class="button" disabled={wrong !== ""} onClick={() => setInput(prettyText(input))}>Format</button>
          </div>
        </form>
        <div>
          {remembered.length > 0 && (
            <section class="panel"><h2>Last inputs</h2><ul class="remembered">
              {remembered.map((each) => <li key={each.at}><button type="button" class="link" onClick={() => setInput(each.input)}><code>{each.input.replace(/\s+/g, " ").slice(0, 120)}</code></button><small class="soft">{timeText(each.at)}</small></li>)}
            </ul></section>
          )}
          <CliCommand command={awsCommand("start-execution", {"state-machine-arn": machine.stateMachineArn, name: title, input})} />
        </div>
      </div>
    </div>
  );
}
