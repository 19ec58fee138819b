// Times, durations and names as people read them.
import type {ExecutionStatus} from "./api/types.ts";
import type {VisitStatus} from "./trace/visit.ts";

const date_time = new Intl.DateTimeFormat(undefined, {
  year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
});
const time_only = new Intl.DateTimeFormat(undefined, {hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false});
const day_only = new Intl.DateTimeFormat(undefined, {month: "short", day: "numeric"});
const number_text = new Intl.NumberFormat();

export const timeText = (at: string | number): string => date_time.format(new Date(at));

export function exactTime(at: number): string {
  const date = new Date(at);
  return `${date_time.format(date)}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

// Short, for lists: the time alone today, else with the day.
export function shortTime(at: string): string {
  const date = new Date(at);
  const time = time_only.format(date);
  return date.toDateString() === new Date().toDateString() ? time : `${day_only.format(date)}, ${time}`;
}

export function durationText(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return "–";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor(seconds % 86_400 / 3600)} h`;
}

export function durationBetween(start: string, stop: string | undefined, now: number): string {
  return durationText((stop === undefined ? now : Date.parse(stop)) - Date.parse(start));
}

export const count = (n: number): string => number_text.format(n);
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

const status_names: Record<ExecutionStatus, string> = {
  RUNNING: "Running", SUCCEEDED: "Succeeded", FAILED: "Failed", TIMED_OUT: "Timed out", ABORTED: "Aborted",
  PENDING_REDRIVE: "Pending redrive",
};
export const statuses = Object.keys(status_names) as ExecutionStatus[];
export const statusName = (status: string): string => status_names[status as ExecutionStatus] ?? status;
export const statusTone = (status: string): string => status.toLowerCase().replaceAll("_", "-");

const visit_names: Record<VisitStatus, string> = {
  running: "Running", succeeded: "Succeeded", failed: "Failed", caught: "Error caught", aborted: "Aborted", "timed-out": "Timed out",
};
export const visitName = (status: VisitStatus): string => visit_names[status];

export function bytesText(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
