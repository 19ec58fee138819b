// Values as people read them.
import {h} from "./dom.js";

const dateFormat = new Intl.DateTimeFormat(undefined, {dateStyle: "medium", timeStyle: "medium"});

export function timeText(iso) {
  return h("time", {datetime: iso, title: iso}, dateFormat.format(new Date(iso)));
}

export function durationText(milliseconds) {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const first = parts.findIndex(([size]) => seconds >= size);
  return parts.slice(first, first + 2).map(([size, unit], i) => {
    const whole = i === 0 ? seconds : seconds % parts[first][0];
    return `${Math.floor(whole / size)} ${unit}`;
  }).join(" ");
}

export function executionDuration(execution) {
  const end = execution.stopDate ? new Date(execution.stopDate) : new Date();
  return durationText(end - new Date(execution.startDate));
}

const statusNames = {
  RUNNING: "Running", SUCCEEDED: "Succeeded", FAILED: "Failed", TIMED_OUT: "Timed out", ABORTED: "Aborted",
  PENDING_REDRIVE: "Pending redrive",
};
export const statuses = Object.keys(statusNames);
export const statusName = (status) => statusNames[status] ?? status;

export function statusPill(status) {
  return h("span", {class: `pill ${status.toLowerCase().replace("_", "-")}`}, statusName(status));
}

// JSON text, indented. Works on the text, not on values: JavaScript would change 12345678901234567890.
export function prettyJson(text) {
  let out = "";
  let depth = 0;
  const newline = () => `\n${"  ".repeat(depth)}`;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const start = i++;
      while (i < text.length && text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
      out += text.slice(start, i + 1);
    } else if (c === "{" || c === "[") {
      const rest = /[ \t\r\n]*[}\]]/y;
      rest.lastIndex = i + 1;
      const closed = rest.exec(text);
      if (closed) {
        out += c + closed[0].at(-1);
        i += closed[0].length;
      } else {
        depth++;
        out += c + newline();
      }
    } else if (c === "}" || c === "]") {
      depth--;
      out += newline() + c;
    } else if (c === ",") {
      out += c + newline();
    } else if (c === ":") {
      out += ": ";
    } else if (!/\s/.test(c)) {
      out += c;
    }
  }
  return out;
}

export function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
