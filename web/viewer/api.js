// Calls to /api/v1. Failures are ApiError: with the server's problem document, or without when nobody answered.

export class ApiError extends Error {
  constructor(message, status, problem) {
    super(message);
    this.status = status;  // 0: nobody answered
    this.problem = problem;
  }
}

async function call(method, path, body, signal) {
  let response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      signal,
      headers: method === "GET" ? {} : {"Content-Type": "application/json"},
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError("The server does not answer. Is pawl still running?", 0);
  }
  const text = await response.text();
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch {
    // not from Pawl: a proxy's page
  }
  if (!response.ok) throw new ApiError(json?.detail ?? json?.message ?? `Status ${response.status}`, response.status, json);
  return json;
}

function query(parameters) {
  const present = Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return present.length > 0 ? `?${new URLSearchParams(present)}` : "";
}

const one = encodeURIComponent;

export const api = {
  machines: (parameters, signal) => call("GET", `/state-machines${query(parameters)}`, undefined, signal),
  machine: (name, signal) => call("GET", `/state-machines/${one(name)}`, undefined, signal),
  executions: (machine, parameters, signal) =>
    call("GET", `${machine ? `/state-machines/${one(machine)}` : ""}/executions${query(parameters)}`, undefined, signal),
  execution: (arn, signal) => call("GET", `/executions/${one(arn)}`, undefined, signal),
  start: (machine, body) => call("POST", `/state-machines/${one(machine)}/executions`, body),
  stop: (arn, body) => call("POST", `/executions/${one(arn)}/stop`, body),
  eventsUrl: (arn, lastEventId) => `/api/v1/executions/${one(arn)}/events${query({lastEventId})}`,
};

// Calls `load` now and every two seconds while the page is looked at, less often while it fails, until `signal`.
export function poll(load, onError, signal) {
  let failures = 0;
  let timer;
  async function round() {
    clearTimeout(timer);
    if (document.visibilityState === "visible") {
      try {
        await load();
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        onError(error);
      }
    }
    if (!signal.aborted) timer = setTimeout(round, Math.min(2000 * 2 ** failures, 30000));
  }
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") round(); }, {signal});
  signal.addEventListener("abort", () => clearTimeout(timer));
  return round();
}
