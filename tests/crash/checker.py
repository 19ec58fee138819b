"""What must hold for every history, and for the executions of the crash test. Each check gives a list of complaints."""
import collections
import datetime
import json

FORKS = {"ParallelStateStarted", "MapStateStarted"}
# These follow whatever came last before them, beside what else follows that.
JOINS = {
    "MapIterationStarted", "MapIterationSucceeded", "MapIterationFailed", "MapIterationAborted", "MapStateStarted",
    "MapStateSucceeded", "MapStateFailed", "MapStateExited", "ParallelStateSucceeded", "ParallelStateFailed", "ParallelStateExited",
}  # fmt: skip
# These come from outside, and follow nothing.
FROM_OUTSIDE = {"ExecutionAborted", "ExecutionTimedOut"}
ENDS = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"}
SCHEDULED = {"LambdaFunctionScheduled", "TaskScheduled", "ActivityScheduled"}
OUTCOMES = {
    family + outcome
    for family in ("LambdaFunction", "Task", "Activity")
    for outcome in ("Succeeded", "Failed", "TimedOut", "ScheduleFailed", "StartFailed", "SubmitFailed")
}
# A clock that is read in milliseconds may show one less than has passed.
CLOCK_SLACK_SECONDS = 0.002


def seconds(timestamp):
    return timestamp.timestamp() if isinstance(timestamp, datetime.datetime) else float(timestamp)


def details_of(event):
    return next((value for key, value in event.items() if key.endswith("EventDetails")), {})


def entered_states(events):
    return collections.Counter(details_of(event)["name"] for event in events if event["type"].endswith("StateEntered"))


def check_numbers(events):
    """Ids are 1..n in order, times never go back, each event follows an earlier one."""
    complaints = []
    for position, event in enumerate(events, 1):
        if event["id"] != position:
            return [f"event {position} of the history has the id {event['id']}"]
        previous = event.get("previousEventId", 0)
        follows_nothing = event["id"] <= 2 or event["type"] in FROM_OUTSIDE
        if previous >= event["id"] or previous < 0 or (previous == 0) != follows_nothing:
            complaints.append(f"event {event['id']} ({event['type']}) follows event {previous}")
        if position > 1 and seconds(event["timestamp"]) < seconds(events[position - 2]["timestamp"]):
            complaints.append(f"event {event['id']} is older than the one before it")
    return complaints


def check_frame(events):
    """It begins with the start; it has one end, which is last."""
    complaints = []
    if not events or events[0]["type"] != "ExecutionStarted":
        complaints.append("the history does not begin with ExecutionStarted")
    if sum(event["type"] == "ExecutionStarted" for event in events) > 1:
        complaints.append("more than one ExecutionStarted")
    ends = [event["id"] for event in events if event["type"] in ENDS]
    if len(ends) > 1 or (ends and ends[0] != len(events)):
        complaints.append(f"the execution ends at event(s) {ends} of {len(events)}")
    return complaints


def successors_of(events):
    """For each event's id those that follow it, without the joins: the events of one thread of control."""
    successors = collections.defaultdict(list)
    for event in events:
        if event["id"] > 2 and event["type"] not in JOINS:
            successors[event.get("previousEventId", 0)].append(event)
    return successors


def check_chains(events):
    """One thing follows another: only a fork has several successors."""
    complaints = []
    successors = successors_of(events)
    for event in events:
        after = successors[event["id"]]
        if len(after) > 1 and event["type"] not in FORKS:
            complaints.append(f"event {event['id']} ({event['type']}) is followed by {[e['id'] for e in after]}")
    return complaints


def follow(event, successors, until):
    """The first event of a kind in `until` down the chain, or nothing."""
    while True:
        after = successors[event["id"]]
        if not after:
            return None
        event = after[0]
        if event["type"] in until:
            return event


def check_outcomes(events):
    """In an execution that succeeded every task has an outcome, and there is no outcome without a task."""
    if not events or events[-1]["type"] != "ExecutionSucceeded":
        return []
    complaints = []
    successors = successors_of(events)
    scheduled = [event for event in events if event["type"] in SCHEDULED]
    outcomes = {event["id"] for event in events if event["type"] in OUTCOMES}
    for event in scheduled:
        outcome = follow(event, successors, OUTCOMES | SCHEDULED)
        if outcome is None or outcome["type"] in SCHEDULED:
            complaints.append(f"the task of event {event['id']} has no outcome")
        else:
            outcomes.discard(outcome["id"])
    if outcomes:
        complaints.append(f"events {sorted(outcomes)} are outcomes of no task")
    return complaints


def check_exits(events):
    """In an execution that succeeded each state that was entered was left once."""
    if not events or events[-1]["type"] != "ExecutionSucceeded":
        return []
    left = collections.Counter(details_of(event)["name"] for event in events if event["type"].endswith("StateExited"))
    if left != entered_states(events):
        return [f"entered {dict(entered_states(events))}, left {dict(left)}"]
    return []


def check_waits(events, waits):
    """No timer was early: `waits` says how many seconds a state must take at least."""
    complaints = []
    successors = successors_of(events)
    for event in events:
        needed = waits.get(details_of(event).get("name")) if event["type"] == "WaitStateEntered" else None
        left = follow(event, successors, {"WaitStateExited"}) if needed else None
        if left and seconds(left["timestamp"]) - seconds(event["timestamp"]) < needed - CLOCK_SLACK_SECONDS:
            complaints.append(f"the wait of event {event['id']} took less than {needed} s")
    return complaints


def check_retries(events, delay):
    """No retry was early."""
    complaints = []
    by_id = {event["id"]: event for event in events}
    for event in events:
        before = by_id.get(event.get("previousEventId"))
        if event["type"] in SCHEDULED and before and before["type"] in OUTCOMES:
            if seconds(event["timestamp"]) - seconds(before["timestamp"]) < delay - CLOCK_SLACK_SECONDS:
                complaints.append(f"the retry of event {event['id']} came within less than {delay} s")
    return complaints


def check_history(events):
    """Everything that holds for any history."""
    complaints = check_numbers(events)
    if complaints:
        return complaints  # the rest trusts the numbers
    return check_frame(events) + check_chains(events) + check_outcomes(events) + check_exits(events)


def check_prefix(seen, events):
    """What was shown once is shown for ever: events that were read earlier stand unchanged at the history's start."""
    for earlier, event in zip(seen, events):
        if earlier != event:
            return [f"event {earlier['id']} was shown as {earlier} and is now {event}"]
    if len(seen) > len(events):
        return [f"{len(seen)} events were shown, {len(events)} are left"]
    return []


def check_execution(workload, number, description, events):
    """That an execution of the crash test ended as its number says."""
    complaints = check_history(events)
    wanted = "ABORTED" if workload.stopped else "SUCCEEDED"
    if description["status"] != wanted:
        complaints.append(f"status is {description['status']}: {description.get('error')}: {description.get('cause')}")
    elif not workload.stopped:
        output = json.loads(description["output"])
        if output != workload.output(number):
            complaints.append(f"output is {output}, not {workload.output(number)}")
        if json.loads(details_of(events[-1])["output"]) != output:
            complaints.append("the history's output is another than the execution's")
    entered = entered_states(events)
    # A stop may come before the states were entered, never after too many.
    if (entered - workload.entered(number)) if workload.stopped else entered != workload.entered(number):
        complaints.append(f"entered {dict(entered)}, not {dict(workload.entered(number))}")
    complaints += check_waits(events, workload.seconds)
    complaints += check_retries(events, workload.retry_seconds)
    return complaints
