// One execution: how it stands, what went in and came out, and what happened, live.
import {api} from "./api.js";
import {copyButton, errorBox, h, link, machineHref, pageHead} from "./dom.js";
import {eventTable} from "./events.js";
import {executionDuration, prettyJson, statusName, statusPill, timeText} from "./format.js";

function documentPanel(title, text) {
  return h("section", {class: "panel"},
    h("div", {class: "panel-head"}, h("h2", {}, title), copyButton("Copy", () => text)),
    h("pre", {class: "code"}, prettyJson(text)));
}

function resultPanel(execution) {
  if (execution.outputText !== undefined) return documentPanel("Output", execution.outputText);
  const head = (title) => h("div", {class: "panel-head"}, h("h2", {}, title));
  if (execution.status === "RUNNING") {
    return h("section", {class: "panel"}, head("Output"), h("p", {class: "pending"}, "Not yet: it is running."));
  }
  return h("section", {class: "panel bad"}, head("Error"),
    h("p", {class: "error-name"}, execution.error ?? statusName(execution.status)),
    execution.cause !== undefined && h("pre", {class: "code"}, execution.cause));
}

// Asks first. Answers whether to go on.
function confirmStop(name) {
  const dialog = h("dialog", {},
    h("form", {method: "dialog"},
      h("h2", {}, "Stop this execution?"),
      h("p", {}, name, " ends as aborted. Work that it handed out is cancelled."),
      h("div", {class: "actions"},
        h("button", {class: "button danger", value: "stop"}, "Stop it"),
        h("button", {class: "button", value: ""}, "Let it run"))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "stop");
    });
  });
}

// Follows the events until the execution has ended. While nobody looks the connection is closed: browsers allow few.
function follow(arn, {onEvent, onEnd, onState}, signal) {
  let source = null;
  let last = "";
  let ended = false;
  function open() {
    if (source || ended || signal.aborted || document.visibilityState !== "visible") return;
    source = new EventSource(api.eventsUrl(arn, last));
    source.addEventListener("open", () => onState("live"));
    source.addEventListener("error", () => {
      onState("lost");
      if (source?.readyState !== EventSource.CLOSED) return;  // else the browser tries again
      close();
      setTimeout(open, 5000);
    });
    source.addEventListener("history", (event) => {
      last = event.lastEventId;
      onEvent(JSON.parse(event.data));
    });
    source.addEventListener("status", () => {
      ended = true;
      close();
      onState("ended");
      onEnd();
    });
  }
  function close() {
    source?.close();
    source = null;
  }
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" ? open() : close(), {signal});
  signal.addEventListener("abort", close);
  open();
}

const connectionTexts = {live: "Live", lost: "Connection lost, trying again…", ended: ""};

export async function executionPage(page, arn) {
  page.title("Execution");
  let execution = await api.execution(arn, page.signal);
  const head = h("div");
  const problem = h("div");
  const documents = h("div", {class: "panels"});
  const duration = h("dd");
  const connection = h("span", {class: "connection", role: "status"});
  const table = eventTable(new Date(execution.startDate));

  async function stop() {
    if (!await confirmStop(execution.name)) return;
    try {
      execution = await api.stop(arn, {});
      draw();
    } catch (error) {
      problem.replaceChildren(errorBox(error));
    }
  }

  function draw() {
    page.title(`${execution.name} · ${statusName(execution.status)}`);
    duration.textContent = executionDuration(execution);
    head.replaceChildren(
      pageHead(execution.name, h("p", {class: "subtitle"}, statusPill(execution.status)),
        execution.status === "RUNNING" && h("button", {type: "button", class: "button danger", onclick: stop}, "Stop"),
        link(`${machineHref(execution.stateMachineName)}/start`, "Start another", {class: "button"})),
      h("dl", {class: "facts wide"},
        h("div", {}, h("dt", {}, "State machine"), h("dd", {}, link(machineHref(execution.stateMachineName), execution.stateMachineName))),
        h("div", {}, h("dt", {}, "Started"), h("dd", {}, timeText(execution.startDate))),
        execution.stopDate && h("div", {}, h("dt", {}, "Ended"), h("dd", {}, timeText(execution.stopDate))),
        h("div", {}, h("dt", {}, "Duration"), duration)),
      h("p", {class: "arn"}, h("code", {}, execution.executionArn), copyButton("Copy ARN", () => execution.executionArn)));
    documents.replaceChildren(documentPanel("Input", execution.inputText), resultPanel(execution));
  }

  page.root.append(
    h("p", {class: "crumbs"}, link("/executions", "Executions")),
    head, problem, documents,
    h("div", {class: "section-head"}, h("h2", {}, "Events"), connection, table.controls),
    table.element);
  draw();

  const clock = setInterval(() => {
    if (execution.status === "RUNNING") duration.textContent = executionDuration(execution);
  }, 200);
  page.signal.addEventListener("abort", () => clearInterval(clock));
  follow(arn, {
    onEvent: table.add,
    onEnd: async () => {
      try {
        execution = await api.execution(arn, page.signal);
        draw();
      } catch (error) {
        if (!page.signal.aborted) problem.replaceChildren(errorBox(error));
      }
    },
    onState: (state) => {
      connection.textContent = connectionTexts[state];
      connection.dataset.state = state;
    },
  }, page.signal);
}
