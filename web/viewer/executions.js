// Executions, of one state machine or of all: filtered, in pages, kept fresh.
import {api, poll} from "./api.js";
import {emptyBox, errorBox, executionHref, h, link, machineHref, pageHead, syncRows} from "./dom.js";
import {executionDuration, statusName, statusPill, statuses, timeText} from "./format.js";

function row(execution, withMachine) {
  const duration = h("td", {class: "number aside duration"}, executionDuration(execution));
  if (!execution.stopDate) duration.dataset.start = execution.startDate;
  return h("tr", {},
    h("td", {class: "main"}, link(executionHref(execution.executionArn), execution.name)),
    withMachine && h("td", {class: "label"}, link(machineHref(execution.stateMachineName), execution.stateMachineName)),
    h("td", {class: "end"}, statusPill(execution.status)),
    h("td", {class: "aside"}, timeText(execution.startDate)),
    duration);
}

function filterForm(page, path, parameters) {
  const go = (name, value) => {
    const next = new URLSearchParams(parameters);
    next.delete("cursor");
    if (value) next.set(name, value);
    else next.delete(name);
    const search = next.toString();
    page.go(search ? `${path}?${search}` : path, {replace: true});
  };
  const select = h("select", {id: "status", onchange: () => go("status", select.value)},
    h("option", {value: ""}, "Any status"),
    statuses.map((status) => h("option", {value: status, selected: parameters.get("status") === status}, statusName(status))));
  const prefix = h("input", {id: "prefix", type: "search", maxlength: "80", placeholder: "Name begins with…",
    value: parameters.get("namePrefix") ?? "", onchange: () => go("namePrefix", prefix.value.trim())});
  return h("form", {class: "filters", onsubmit: (event) => event.preventDefault()},
    h("label", {class: "unseen", for: "prefix"}, "Name begins with"), prefix,
    h("label", {class: "unseen", for: "status"}, "Status"), select);
}

// The list without a heading: the machine's page has its own.
export function executionList(page, machine, path, parameters) {
  const filter = {
    status: parameters.get("status"), namePrefix: parameters.get("namePrefix"), cursor: parameters.get("cursor"), limit: 50,
  };
  const filtered = filter.status || filter.namePrefix;
  const columns = ["Name", !machine && "State machine", "Status", "Started", "Duration"].filter(Boolean);
  const problem = h("div");
  const body = h("tbody");
  const table = h("table", {class: `list executions${machine ? "" : " all"}`},
    h("thead", {}, h("tr", {}, columns.map((name) => h("th", {scope: "col", class: name === "Duration" && "number"}, name)))), body);
  const content = h("div", {}, h("p", {class: "loading"}, "Loading…"));
  const pages = h("div", {class: "pages"});
  page.root.append(filterForm(page, path, parameters), problem, content, pages);

  const empty = () => filtered || filter.cursor
    ? emptyBox("No execution matches", link(path, "Show all"))
    : emptyBox("No executions yet", machine
      ? link(`${machineHref(machine)}/start`, "Start one", {class: "button primary"})
      : link("/", "Choose a state machine to start"));
  const pageLink = (cursor, text) => {
    const next = new URLSearchParams(parameters);
    if (cursor) next.set("cursor", cursor);
    else next.delete("cursor");
    return link(`${path}?${next}`, text, {class: "button"});
  };

  return poll(async () => {
    const answer = await api.executions(machine, filter, page.signal);
    problem.replaceChildren();
    syncRows(body, answer.executions, (execution) => execution.executionArn, (execution) => row(execution, !machine));
    for (const cell of body.querySelectorAll("[data-start]")) {
      cell.textContent = executionDuration({startDate: cell.dataset.start});
    }
    if (answer.executions.length === 0) content.replaceChildren(empty());
    else if (content.firstChild !== table) content.replaceChildren(table);
    pages.replaceChildren(...[
      filter.cursor && pageLink(null, "Newest"),
      answer.nextCursor && pageLink(answer.nextCursor, "Older"),
    ].filter(Boolean));
  }, (error) => {
    problem.replaceChildren(errorBox(error));
    content.querySelector(".loading")?.remove();
  }, page.signal);
}

export async function executionsPage(page, _, parameters) {
  page.title("Executions");
  page.root.append(pageHead("Executions"));
  await executionList(page, null, "/executions", parameters);
}
