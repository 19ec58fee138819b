// The table of an execution's events. Events may be many thousands: a window of them has rows, the rest waits.
import {copyButton, h} from "./dom.js";
import {durationText, isJson, prettyJson} from "./format.js";

const windowSize = 500;

const detailsOf = (event) => {
  const name = Object.keys(event).find((key) => key.endsWith("EventDetails"));
  return name ? event[name] : {};
};

// What the event is about, beside its type: a state's name, a resource, an error.
function subject(event) {
  const details = detailsOf(event);
  if (details.name !== undefined) return details.index === undefined ? details.name : `${details.name} [${details.index}]`;
  if (details.state !== undefined) return details.state;
  if (details.error !== undefined) return details.error;
  if (details.resource !== undefined) return details.resource.split(":").slice(-2).join(":");
  if (details.length !== undefined) return `${details.length} items`;
  return "";
}

function tone(type) {
  if (/(Failed|TimedOut)$/.test(type) || type === "FailStateEntered") return "bad";
  if (/Aborted$/.test(type)) return "grey";
  if (/Succeeded$/.test(type)) return "good";
  return "";
}

// "TaskStateEntered" -> "Task state entered"
const typeName = (type) => type.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function detailValue(value) {
  if (typeof value === "string" && /^\s*[[{"]/.test(value) && isJson(value)) return h("pre", {class: "code"}, prettyJson(value));
  if (typeof value === "object" && value !== null) return h("pre", {class: "code"}, JSON.stringify(value, null, 2));
  return h("span", {}, String(value));
}

function detailsRow(event) {
  const details = Object.entries(detailsOf(event)).filter(([name]) => !/(input|output|cause|assignedVariables)Details$/.test(name));
  const when = new Date(event.timestamp * 1000).toISOString();
  const facts = [["type", event.type], ["time", when], ["previousEventId", event.previousEventId], ...details];
  return h("tr", {class: "details"}, h("td", {colspan: "4"},
    h("dl", {class: "facts"}, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, detailValue(value))])),
    copyButton("Copy as JSON", () => JSON.stringify(event, null, 2))));
}

function eventRow(event, start) {
  const toggle = h("button", {type: "button", class: "expand", "aria-expanded": "false", onclick: flip}, typeName(event.type));
  const row = h("tr", {class: `event ${tone(event.type)}`},
    h("td", {class: "number id"}, String(event.id)),
    h("td", {class: "type"}, toggle),
    h("td", {class: "subject"}, subject(event)),
    h("td", {class: "number time"}, `+${durationText(event.timestamp * 1000 - start)}`));
  function flip() {
    const open = toggle.getAttribute("aria-expanded") === "true";
    toggle.setAttribute("aria-expanded", String(!open));
    if (open) row.nextElementSibling.remove();
    else row.after(detailsRow(event));
  }
  return row;
}

export function eventTable(start) {
  const events = [];
  let newestFirst = false;
  let from = 0;  // events[from] to events[to - 1] have rows
  let to = 0;
  let oldestShown = windowSize;  // how far rows may go when the oldest come first
  let scheduled = false;

  const body = h("tbody");
  const more = h("button", {type: "button", class: "button more", hidden: true, onclick: showMore});
  const order = h("button", {type: "button", class: "quiet small", onclick: turn}, "Oldest first");
  const count = h("span", {class: "count"});
  const rows = (first, end) => events.slice(first, end).map((event) => eventRow(event, start));

  function draw() {
    scheduled = false;
    const end = newestFirst ? events.length : Math.min(events.length, oldestShown);
    if (newestFirst) body.prepend(...rows(to, end).reverse());
    else body.append(...rows(to, end));
    to = end;
    const left = from + events.length - to;
    more.hidden = left === 0;
    more.textContent = `Show more (${left} left)`;
    count.textContent = events.length === 0 ? "" : String(events.length);
  }

  function showMore() {
    if (newestFirst) {
      const first = Math.max(0, from - windowSize);
      body.append(...rows(first, from).reverse());
      from = first;
    } else {
      oldestShown += windowSize;
    }
    draw();
  }

  function turn() {
    newestFirst = !newestFirst;
    order.textContent = newestFirst ? "Newest first" : "Oldest first";
    oldestShown = windowSize;
    from = to = newestFirst ? Math.max(0, events.length - windowSize) : 0;
    body.replaceChildren();
    draw();
  }

  function add(event) {
    events.push(event);
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(draw);  // a burst of events is drawn once
  }

  const headings = [["#", "number"], ["Event", ""], ["About", ""], ["After", "number"]];
  return {
    add,
    controls: h("div", {class: "controls"}, count, order),
    element: h("div", {},
      h("table", {class: "events"},
        h("thead", {}, h("tr", {}, headings.map(([text, kind]) => h("th", {scope: "col", class: kind}, text)))), body),
      more),
  };
}
