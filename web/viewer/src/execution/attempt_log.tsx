// What a function printed during one attempt: of its latest invocations, the one whose time this was.
import {api, ApiError} from "../api/client.ts";
import {useLoad} from "../api/hooks.ts";
import type {Invocation} from "../api/types.ts";
import {functionHref} from "../router.ts";
import type {Attempt} from "../trace/visit.ts";

// The request's id stands in what came back; else time decides.
function invocationOf(attempt: Attempt, invocations: Invocation[]): Invocation | undefined {
  const answered = `${attempt.output ?? ""}${attempt.failure?.cause ?? ""}`;
  const named = invocations.find((each) => answered.includes(each.requestId));
  if (named) return named;
  const from = attempt.started ?? attempt.scheduled;
  const fitting = invocations.filter((each) => {
    if (each.startDate === undefined) return false;
    const at = Date.parse(each.startDate);
    return at >= from - 20 && at <= (attempt.ended ?? Infinity) + 20;
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

export function AttemptLog({attempt, functionName}: {attempt: Attempt; functionName: string}) {
  const {data, error} = useLoad(`log ${functionName} ${attempt.id} ${attempt.status}`, (signal) => api.invocations(functionName, signal), attempt.status === "running");
  const found = data ? invocationOf(attempt, data.invocations) : undefined;
  return (
    <section aria-label="Log">
      <h3>Log <a class="soft" href={functionHref(functionName)}>all of {functionName}</a></h3>
      {error && <p class="pending">{error instanceof ApiError && error.isMissing ? "This server does not give out functions' logs." : error.message}</p>}
      {data && !found && <p class="pending">Not among the latest invocations: its log may have been replaced by newer ones.</p>}
      {found && <pre class="code log" tabIndex={0} role="region" aria-label="Log">{found.log || "(it printed nothing)"}</pre>}
    </section>
  );
}
