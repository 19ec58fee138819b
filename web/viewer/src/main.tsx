// The viewer's start, and which page an address shows.
import {Component, render} from "preact";
import type {ComponentChildren} from "preact";
import {AuthorPage} from "./pages/author.tsx";
import {ExecutionPage} from "./pages/execution.tsx";
import {ExecutionsPage} from "./pages/executions.tsx";
import {FunctionPage, FunctionsPage} from "./pages/functions.tsx";
import {MachinePage} from "./pages/machine.tsx";
import {MapRunPage} from "./pages/map_run.tsx";
import {MachinesPage} from "./pages/machines.tsx";
import {StartPage} from "./pages/start.tsx";
import {Empty, ErrorBox} from "./parts/basics.tsx";
import {startRouter, useAddress} from "./router.ts";
import {applyTheme, Shell} from "./shell.tsx";

function Page() {
  const {path} = useAddress();
  const [section, name, rest] = path;
  if (section === undefined || (section === "executions" && name === undefined)) return <ExecutionsPage key="executions" />;
  if (section === "executions" && name !== undefined) return <ExecutionPage key={name} arn={name} />;
  if (section === "map-runs" && name !== undefined) return <MapRunPage key={name} arn={name} />;
  if (section === "state-machines") {
    if (name === undefined) return <MachinesPage />;
    return rest === "start" ? <StartPage key={name} name={name} /> : <MachinePage key={name} name={name} />;
  }
  if (section === "functions") return name === undefined ? <FunctionsPage /> : <FunctionPage key={name} name={name} />;
  if (section === "author") return <AuthorPage />;
  return <Empty title="There is no such page"><p><a href="/executions">All executions</a></p></Empty>;
}

// A mistake of ours on one page leaves the others reachable.
class Boundary extends Component<{children: ComponentChildren; at: string}, {error: Error | null; at: string}> {
  override state = {error: null as Error | null, at: this.props.at};
  static override getDerivedStateFromError(error: Error) {
    return {error};
  }
  static override getDerivedStateFromProps(props: {at: string}, state: {at: string}) {
    return props.at === state.at ? null : {at: props.at, error: null};
  }
  override render() {
    return this.state.error ? <ErrorBox error={this.state.error} retry={() => location.reload()} /> : this.props.children;
  }
}

function App() {
  const {path} = useAddress();
  return <Shell><Boundary at={path.join("/")}><Page /></Boundary></Shell>;
}

applyTheme();
startRouter();
const root = document.getElementById("app");
if (root) render(<App />, root);
