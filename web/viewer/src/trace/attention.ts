// Where somebody looks who opens an execution.
import type {Trace} from "./trace.ts";
import type {Visit} from "./visit.ts";

const hasFailed = (visit: Visit): boolean => visit.status === "failed" || visit.status === "timed-out";

// The visit that brought the execution down: the innermost, since what stands around it failed because of it.
export function failedVisit(trace: Trace): Visit | null {
  let found: Visit | null = null;
  for (let visits = trace.root.visits; ;) {
    const failed: Visit | undefined = visits.filter(hasFailed).pop();  // the last: a Map that was retried has earlier ones
    if (!failed) return found;
    found = failed;
    visits = failed.children.flatMap((scope) => scope.visits);
  }
}

// The visit to be seen first: what failed, else what runs.
export function attentionVisit(trace: Trace): Visit | null {
  const failed = failedVisit(trace);
  if (failed) return failed;
  for (let i = trace.visits.length - 1; i >= 0; i--) {
    const visit = trace.visits[i]!;
    if (visit.status === "running" && !visit.children.some((scope) => scope.status === "running")) return visit;
  }
  return null;
}
