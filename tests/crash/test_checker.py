"""The crash test's checker: it accepts right histories and sees each kind of wrong one."""
import copy
import sys
import unittest

sys.dont_write_bytecode = True
import checker
import workloads


def history(*rows):
    """Events from (type, previous, name) rows; a second apart."""
    events = []
    for position, (kind, previous, *name) in enumerate(rows, 1):
        event = {"id": position, "type": kind, "previousEventId": previous, "timestamp": float(position)}
        if name:
            event["stateEnteredEventDetails" if kind.endswith("Entered") else "stateExitedEventDetails"] = {"name": name[0]}
        events.append(event)
    return events


STOPPED = history(("ExecutionStarted", 0), ("WaitStateEntered", 0, "W"), ("ExecutionAborted", 0))
LINEAR = history(
    ("ExecutionStarted", 0), ("TaskStateEntered", 0, "T"), ("LambdaFunctionScheduled", 2), ("LambdaFunctionStarted", 3),
    ("LambdaFunctionFailed", 4), ("LambdaFunctionScheduled", 5), ("LambdaFunctionStarted", 6), ("LambdaFunctionSucceeded", 7),
    ("TaskStateExited", 8, "T"), ("WaitStateEntered", 9, "W"), ("WaitStateExited", 10, "W"), ("ExecutionSucceeded", 11),
)
FORKED = history(
    ("ExecutionStarted", 0), ("ParallelStateEntered", 0, "P"), ("ParallelStateStarted", 2), ("PassStateEntered", 3, "A"),
    ("PassStateExited", 4, "A"), ("PassStateEntered", 3, "B"), ("PassStateExited", 6, "B"), ("ParallelStateSucceeded", 7),
    ("ParallelStateExited", 8, "P"), ("MapStateEntered", 9, "M"), ("MapStateStarted", 10), ("MapIterationStarted", 11),
    ("PassStateEntered", 12, "C"), ("PassStateExited", 13, "C"), ("MapIterationSucceeded", 14), ("MapIterationStarted", 14),
    ("PassStateEntered", 16, "C"), ("PassStateExited", 17, "C"), ("MapIterationSucceeded", 18), ("MapStateSucceeded", 19),
    ("MapStateExited", 19, "M"), ("ExecutionSucceeded", 21),
)


def changed(events, position, **members):
    events = copy.deepcopy(events)
    events[position - 1].update(members)
    return events


class CheckHistory(unittest.TestCase):
    def complains(self, text, events):
        complaints = checker.check_history(events)
        self.assertTrue(any(text in complaint for complaint in complaints), complaints)

    def test_right_histories_pass(self):
        self.assertEqual(checker.check_history(LINEAR), [])
        self.assertEqual(checker.check_history(FORKED), [])
        self.assertEqual(checker.check_history(STOPPED), [])

    def test_a_missing_event_is_seen(self):
        self.complains("has the id 6", LINEAR[:4] + LINEAR[5:])

    def test_an_event_that_is_there_twice_is_seen(self):
        self.complains("has the id 5", LINEAR[:5] + LINEAR[4:])

    def test_an_event_that_follows_a_later_one_is_seen(self):
        self.complains("follows event 9", changed(LINEAR, 5, previousEventId=9))
        self.complains("follows event 0", changed(LINEAR, 5, previousEventId=0))

    def test_time_that_goes_back_is_seen(self):
        self.complains("is older", changed(LINEAR, 5, timestamp=1.5))

    def test_two_events_after_one_are_seen(self):
        self.complains("is followed by", changed(LINEAR, 9, previousEventId=7))

    def test_a_second_end_is_seen(self):
        self.complains("ends at event(s) [11, 12]", changed(LINEAR, 11, type="ExecutionSucceeded"))

    def test_an_end_that_is_not_last_is_seen(self):
        self.complains("ends at event(s) [11]", changed(changed(LINEAR, 11, type="ExecutionSucceeded"), 12, type="PassStateEntered", x={"name": "A"}))

    def test_a_start_that_is_not_first_is_seen(self):
        self.complains("does not begin", changed(LINEAR, 1, type="PassStateEntered", enteredEventDetails={"name": "A"}))

    def test_a_task_without_an_outcome_is_seen(self):
        self.complains("the task of event 3 has no outcome", changed(LINEAR, 5, type="LambdaFunctionStarted"))
        self.complains("has no outcome", changed(LINEAR, 8, type="LambdaFunctionStarted"))

    def test_an_outcome_that_comes_twice_is_seen(self):
        twice = history(
            ("ExecutionStarted", 0), ("TaskStateEntered", 0, "T"), ("LambdaFunctionScheduled", 2), ("LambdaFunctionSucceeded", 3),
            ("LambdaFunctionSucceeded", 4), ("TaskStateExited", 5, "T"), ("ExecutionSucceeded", 6))
        self.complains("are outcomes of no task", twice)

    def test_a_state_that_was_not_left_is_seen(self):
        self.complains("left", changed(LINEAR, 11, type="WaitStateAborted", stateExitedEventDetails={}))


class CheckMore(unittest.TestCase):
    def test_early_timers_are_seen(self):
        self.assertEqual(checker.check_waits(LINEAR, {"W": 1}), [])
        self.assertEqual(len(checker.check_waits(LINEAR, {"W": 1.5})), 1)

    def test_early_retries_are_seen(self):
        self.assertEqual(checker.check_retries(LINEAR, 1), [])
        self.assertEqual(len(checker.check_retries(LINEAR, 1.5)), 1)

    def test_a_history_that_changed_is_seen(self):
        self.assertEqual(checker.check_prefix(LINEAR[:4], LINEAR), [])
        self.assertEqual(len(checker.check_prefix(LINEAR, LINEAR[:4])), 1)
        self.assertEqual(len(checker.check_prefix(LINEAR[:4], changed(LINEAR, 2, timestamp=9.0))), 1)

    def test_the_end_of_an_execution_is_compared_with_its_number(self):
        retrying = next(w for w in workloads.ALL if w.name == "retrying")
        events = history(
            ("ExecutionStarted", 0), ("TaskStateEntered", 0, "Try"), ("LambdaFunctionScheduled", 2), ("LambdaFunctionStarted", 3),
            ("LambdaFunctionSucceeded", 4), ("TaskStateExited", 5, "Try"), ("ExecutionSucceeded", 6))
        events[-1]["executionSucceededEventDetails"] = {"output": "15"}
        done = {"status": "SUCCEEDED", "output": "15"}
        self.assertEqual(checker.check_execution(retrying, 5, done, events), [])
        self.assertIn("output is 15, not 18", checker.check_execution(retrying, 6, done, events)[0])
        self.assertIn("status is FAILED", checker.check_execution(retrying, 5, {"status": "FAILED"}, events)[0])
        wrong = changed(events, 2, stateEnteredEventDetails={"name": "Other"})
        self.assertTrue(any("entered {'Other'" in c for c in checker.check_execution(retrying, 5, done, wrong)))


class Workloads(unittest.TestCase):
    def test_what_is_expected_depends_on_the_number_alone(self):
        by_name = {workload.name: workload for workload in workloads.ALL}
        self.assertEqual(by_name["steps"].output(9), {"small": 20})
        self.assertEqual(by_name["steps"].output(99), {"large": 200})
        self.assertEqual(by_name["mapping"].output(6), [{"v": 2 * i} for i in range(6, 10)])
        self.assertEqual(by_name["mapping"].entered(6)["Double"], 4)


if __name__ == "__main__":
    unittest.main()
