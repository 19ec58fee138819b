// One state machine: its executions, or its definition.
import {api} from "./api.js";
import {copyButton, h, link, machineHref, pageHead} from "./dom.js";
import {executionList} from "./executions.js";
import {timeText} from "./format.js";

export async function machinePage(page, name, parameters) {
  page.title(name);
  const machine = await api.machine(name, page.signal);
  const path = machineHref(name);
  const view = parameters.get("view") === "definition" ? "definition" : "executions";
  const tab = (id, href, text) => link(href, text, {"aria-current": view === id && "page"});
  page.root.append(
    h("p", {class: "crumbs"}, link("/", "State machines")),
    pageHead(machine.name,
      h("p", {class: "subtitle"}, machine.type === "EXPRESS" ? "Express" : "Standard", " · updated ", timeText(machine.updateDate)),
      link(`${path}/start`, "Start execution", {class: "button primary"})),
    h("div", {class: "tabs"}, tab("executions", path, "Executions"), tab("definition", `${path}?view=definition`, "Definition")));
  if (view === "executions") {
    await executionList(page, name, path, parameters);
    return;
  }
  page.root.append(h("section", {class: "panel"},
    h("div", {class: "panel-head"}, h("h2", {}, "Definition"), copyButton("Copy", () => machine.definitionText)),
    h("pre", {class: "code tall"}, machine.definitionText),
    h("dl", {class: "facts"},
      h("dt", {}, "ARN"), h("dd", {}, machine.stateMachineArn),
      h("dt", {}, "Revision"), h("dd", {}, machine.revisionId),
      h("dt", {}, "Role"), h("dd", {}, machine.roleArn))));
}
