// All state machines.
import {api, poll} from "./api.js";
import {emptyBox, errorBox, h, link, machineHref, pageHead, syncRows} from "./dom.js";
import {timeText} from "./format.js";

function row(machine) {
  return h("tr", {},
    h("td", {class: "main"}, link(machineHref(machine.name), machine.name)),
    h("td", {class: "label"}, machine.type === "EXPRESS" ? "Express" : "Standard",
      machine.status === "DELETING" && h("span", {class: "pill aborted"}, "Deleting")),
    h("td", {class: "aside"}, timeText(machine.updateDate)),
    h("td", {class: "end"}, machine.status === "ACTIVE" && link(`${machineHref(machine.name)}/start`, "Start", {class: "button small"})));
}

function nothingYet() {
  const command = `curl ${location.origin}/api/v1/state-machines -H 'Content-Type: application/json' -d '{
  "name": "hello",
  "definition": {"StartAt": "Greet", "States": {"Greet": {"Type": "Pass", "Result": "hello", "End": true}}}
}'`;
  return emptyBox("No state machines yet",
    h("p", {}, "Create one with any AWS tool that you point to ", h("code", {}, location.origin), ", or with"),
    h("pre", {class: "code"}, command));
}

export async function machinesPage(page, _, parameters) {
  page.title("State machines");
  const cursor = parameters.get("cursor");
  const problem = h("div");
  const body = h("tbody");
  const table = h("table", {class: "list machines"},
    h("thead", {}, h("tr", {}, ["Name", "Type", "Updated", ""].map((name) => h("th", {scope: "col"}, name)))), body);
  const content = h("div", {}, h("p", {class: "loading"}, "Loading…"));
  const pages = h("div", {class: "pages"});
  page.root.append(pageHead("State machines"), problem, content, pages);

  await poll(async () => {
    const answer = await api.machines({cursor}, page.signal);
    problem.replaceChildren();
    syncRows(body, answer.stateMachines, (machine) => machine.stateMachineArn, row);
    const shown = answer.stateMachines.length > 0 ? table : nothingYet();
    if (shown !== content.firstChild) content.replaceChildren(shown);
    pages.replaceChildren(...[
      cursor && link("/", "First page", {class: "button"}),
      answer.nextCursor && link(`/?${new URLSearchParams({cursor: answer.nextCursor})}`, "Next page", {class: "button"}),
    ].filter(Boolean));
  }, (error) => {
    problem.replaceChildren(errorBox(error));
    content.querySelector(".loading")?.remove();
  }, page.signal);
}
