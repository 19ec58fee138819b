"""What counts as lost, gained and not comparable between two conformance runs."""
import sys
import unittest

sys.dont_write_bytecode = True
from run_conformance import compare


def group(status, output, events, total=10):
    return {"status": [status, total], "output": [output, total], "events": [events, total]}


class Compare(unittest.TestCase):
    def test_the_same_is_neither_lost_nor_gained(self):
        self.assertEqual(compare({"base": group(9, 8, 7)}, {"base": group(9, 8, 7)}), ([], [], []))

    def test_fewer_at_any_level_is_lost(self):
        losses, gains, _ = compare({"base": group(9, 6, 7)}, {"base": group(9, 8, 7)})
        self.assertEqual(([lost for _, lost in losses], gains), ([2], []))
        self.assertIn("output 8 -> 6", losses[0][0])

    def test_more_is_gained_and_a_new_group_too(self):
        self.assertEqual(compare({"a": group(9, 9, 8), "b": group(1, 0, 0)}, {"a": group(9, 8, 8)}), ([], ["a", "b"], []))

    def test_a_group_that_was_not_run_is_lost(self):
        losses, _, _ = compare({"a": group(1, 1, 1)}, {"a": group(1, 1, 1), "b": group(3, 3, 3)})
        self.assertEqual([lost for _, lost in losses], [3])

    def test_another_corpus_is_not_compared(self):
        self.assertEqual(compare({"a": group(1, 1, 1, total=5)}, {"a": group(9, 9, 9)}), ([], [], ["a"]))


if __name__ == "__main__":
    unittest.main()
