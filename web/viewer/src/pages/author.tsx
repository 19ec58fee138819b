// Writing a definition, in JSON or YAML: what is wrong with it and how it looks, at once; single states tried out with sample input.
import {useCallback, useEffect, useMemo, useState} from "preact/hooks";
import {api, ApiError, aws} from "../api/client.ts";
import {useLoad} from "../api/hooks.ts";
import type {JsonObject, MachineType} from "../api/types.ts";
import {readGraphText} from "../asl/definition.ts";
import type {Graph, StateNode} from "../asl/definition.ts";
import {FailureBox} from "../execution/inspector.tsx";
import {GraphView} from "../graph/graph_view.tsx";
import {usePicture} from "../graph/use_picture.ts";
import {plural} from "../format.ts";
import {JsonView} from "../json/json_tree.tsx";
import {parseValue, prettyText} from "../json/value.ts";
import {CliCommand, ErrorBox, PageHead} from "../parts/basics.tsx";
import {awsCommand} from "../parts/cli_command.ts";
import {CodeEditor, Diagnostics} from "../parts/code_editor.tsx";
import {useTitle} from "../parts/title.ts";
import {machineHref, navigate, setQuery, useAddress} from "../router.ts";

const example = `{
  "Comment": "Paste your own definition over this one, JSON or YAML",
  "StartAt": "Enough?",
  "States": {
    "Enough?": {
      "Type": "Choice",
      "Choices": [{"Variable": "$.count", "NumericGreaterThan": 3, "Next": "Done"}],
      "Default": "Add one"
    },
    "Add one": {
      "Type": "Pass",
      "Parameters": {"count.$": "States.MathAdd($.count, 1)"},
      "Next": "Enough?"
    },
    "Done": {"Type": "Succeed"}
  }
}
`;
const kept = "pawl.draft";

function useSettled(text: string, ms: number): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return settled;
}

function draft(): string {
  try {
    return sessionStorage.getItem(kept) ?? example;
  } catch {
    return example;
  }
}

export function AuthorPage() {
  useTitle("Author");
  const {query} = useAddress();
  const machine = query.get("machine") ?? "";
  const loaded = useLoad(`author ${machine}`, async (signal) => (machine ? api.machine(machine, signal) : null));
  const [text, setText] = useState(draft);
  useEffect(() => { if (loaded.data) setText(loaded.data.definitionText); }, [loaded.data]);
  const settled = useSettled(text, 250);
  useEffect(() => {
    try {
      if (!machine) sessionStorage.setItem(kept, settled);
    } catch {
      // then the draft is gone when the tab is
    }
  }, [settled, machine]);
  const [newType, setNewType] = useState<MachineType>("STANDARD");
  const type = machine ? loaded.data?.type ?? "STANDARD" : newType;
  const validation = useLoad(`validate ${settled} ${type}`, (signal) => api.validate(settled, type, signal));
  const [shown, setShown] = useState(validation.data);
  useEffect(() => { if (validation.data) setShown(validation.data); }, [validation.data]);  // the old one stays while the new one is made
  const [goTo, setGoTo] = useState<{line: number; again: number} | null>(null);
  const json = shown?.json ?? settled;
  const graph = useMemo(() => readGraphText(json), [json]);
  const state = query.get("state");
  const choose = useCallback((name: string | null) => setQuery({state: name}, {replace: true}), []);
  const errors = shown?.diagnostics.filter((each) => each.severity === "ERROR").length ?? 0;
  const warnings = (shown?.diagnostics.length ?? 0) - errors;
  return (
    <div class="author">
      <PageHead title={machine ? `Edit ${machine}` : "Author"} crumbs={machine ? <><a href="/state-machines">State machines</a> / <a href={machineHref(machine)}>{machine}</a></> : undefined}
        actions={<Save machine={machine} text={shown?.json ?? text} valid={(shown?.valid ?? false) && settled === text} type={newType} setType={setNewType} />}>
        <p class="status-line" role="status">
          {shown && (shown.valid ? <span class="good-text">{warnings > 0 ? `Valid, ${plural(warnings, "warning")}` : "Valid"}</span>
            : <span class="bad-text">{plural(errors, "error")}{warnings > 0 && `, ${plural(warnings, "warning")}`}</span>)}
        </p>
      </PageHead>
      {(loaded.error ?? validation.error) && <ErrorBox error={(loaded.error ?? validation.error)!} />}
      <div class="author-columns">
        <div class="author-text">
          <CodeEditor text={text} onChange={setText} label="Definition" diagnostics={shown?.diagnostics ?? []} goTo={goTo} />
          {shown && shown.diagnostics.length > 0 && <Diagnostics diagnostics={shown.diagnostics} onGo={(line) => setGoTo({line, again: Date.now()})} />}
        </div>
        <div class="author-side">
          <div class="stage"><Picture definition={graph ? json : null} state={state} choose={choose} /></div>
          <TryState graph={graph} definition={json} chosen={state} choose={choose} />
        </div>
      </div>
    </div>
  );
}

function Picture({definition, state, choose}: {definition: string | null; state: string | null; choose: (name: string | null) => void}) {
  const picture = usePicture(definition);
  const stale = definition === null;
  const [last, setLast] = useState(picture);
  useEffect(() => { if (picture) setLast(picture); }, [picture]);
  const shown = picture ?? last;
  if (!shown) return <p class="pending">{definition === null ? "The graph appears when the text is JSON or YAML." : "Drawing the graph…"}</p>;
  return (
    <>
      {stale && <p class="stale-note" role="status">The text can't be read: this is the graph of the last one that could.</p>}
      <div class={`last-picture${stale ? " stale" : ""}`}><GraphView picture={shown} overlay={null} chosen={state} onChoose={choose} label="Graph of the definition" /></div>
    </>
  );
}

// Why there is nothing to save yet; empty when there is.
function whyNot(machine: string, name: string, valid: boolean): string {
  if (!valid) return "The definition has errors";
  return !machine && name === "" ? "Give it a name first" : "";
}

function Save({machine, text, valid, type, setType}: {machine: string; text: string; valid: boolean; type: MachineType; setType: (type: MachineType) => void}) {
  const [name, setName] = useState("");
  const [error, setError] = useState<Error | null>(null);
  const [done, setDone] = useState("");
  const why = whyNot(machine, name, valid);
  const save = async (event: Event) => {
    event.preventDefault();
    try {
      if (machine) {
        await api.replaceMachine(machine, text);
        setDone("Saved");
        setTimeout(() => setDone(""), 2000);
      } else {
        await api.createMachine(name, text, type);
        navigate(machineHref(name));
      }
      setError(null);
    } catch (thrown) {
      setError(thrown as Error);
    }
  };
  return (
    <form class="save" onSubmit={save}>
      {!machine && <input aria-label="Name of the new state machine" placeholder="Name" value={name} maxLength={80} onInput={(event) => setName(event.currentTarget.value)} />}
      {!machine && (
        <select aria-label="Type" value={type} onChange={(event) => setType(event.currentTarget.value as MachineType)}>
          <option value="STANDARD">Standard</option>
          <option value="EXPRESS">Express</option>
        </select>
      )}
      <button class="button primary" disabled={why !== ""} title={why || undefined}>{done || (machine ? "Save" : "Create")}</button>
      {error && <p class="field-error" role="alert">{error.message}</p>}
    </form>
  );
}

function testRequest(state: StateNode, definition: string, input: string): JsonObject {
  const fields: JsonObject = {...state.fields};
  try {
    const top = JSON.parse(definition) as JsonObject;
    if (typeof top["QueryLanguage"] === "string" && fields["QueryLanguage"] === undefined) fields["QueryLanguage"] = top["QueryLanguage"];
  } catch {
    // then the state's own language
  }
  return {definition: JSON.stringify(fields), input, inspectionLevel: "DEBUG", roleArn: "arn:aws:iam::000000000000:role/pawl"};
}

function TryState({graph, definition, chosen, choose}: {graph: Graph | null; definition: string; chosen: string | null; choose: (name: string | null) => void}) {
  const [input, setInput] = useState("{\"count\": 1}");
  const [answer, setAnswer] = useState<JsonObject | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const names = graph ? [...graph.states.keys()] : [];
  const state = graph?.states.get(chosen ?? "") ?? graph?.states.get(names[0] ?? "");
  const parsed = parseValue(input);
  const wrong = "error" in parsed ? parsed.error : "";
  useEffect(() => { setAnswer(null); setError(null); }, [state?.name]);
  if (!state) return null;
  const request = testRequest(state, definition, input);
  const run = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      setAnswer(await aws<JsonObject>("TestState", request));
      setError(null);
    } catch (thrown) {
      setAnswer(null);
      setError(thrown as Error);
    }
    setBusy(false);
  };
  return (
    <section class="panel try" aria-label="Try a state">
      <h2>Try a state</h2>
      <form class="form" onSubmit={run}>
        <label class="inline">State <select aria-label="State" value={state.name} onChange={(event) => choose(event.currentTarget.value)}>{names.map((name) => <option key={name} value={name}>{name}</option>)}</select></label>
        <CodeEditor text={input} onChange={setInput} label="Sample input" invalid={wrong !== ""} minLines={4} maxLines={10} />
        <p class="field-error" role="status">{wrong && `No JSON: ${wrong}`}</p>
        <div class="actions"><button class="button primary" disabled={busy || wrong !== ""}>Run {state.name}</button></div>
      </form>
      {error && (error instanceof ApiError && error.isMissing
        ? <div class="notice"><strong>Not here yet</strong><p>This server has no TestState, which runs a single state. Start a whole execution instead.</p></div>
        : <ErrorBox error={error} />)}
      {answer && <TestAnswer answer={answer} />}
      <CliCommand command={awsCommand("test-state", {definition: String(request["definition"]), input, "inspection-level": "DEBUG", "role-arn": String(request["roleArn"])})} />
    </section>
  );
}

function TestAnswer({answer}: {answer: JsonObject}) {
  const status = String(answer["status"] ?? "");
  const inspection = answer["inspectionData"];
  const tone = status === "SUCCEEDED" ? "succeeded" : status === "CAUGHT_ERROR" ? "caught" : "failed";
  return (
    <div class="test-answer" role="status">
      <p class="status-line"><span class={`pill ${tone}`}>{status.toLowerCase().replaceAll("_", " ")}</span>{typeof answer["nextState"] === "string" && <span>next: {answer["nextState"]}</span>}</p>
      {typeof answer["error"] === "string" && <FailureBox failure={{error: answer["error"], cause: String(answer["cause"] ?? "")}} />}
      {typeof answer["output"] === "string" && <><h3>Output</h3><JsonView text={answer["output"]} label="Output" /></>}
      {typeof inspection === "object" && inspection !== null && !Array.isArray(inspection) && Object.entries(inspection).map(([name, value]) => (
        <details key={name}><summary>{name}</summary><JsonView text={typeof value === "string" ? prettyText(value) : JSON.stringify(value)} label={name} /></details>
      ))}
    </div>
  );
}
