"""A test of commands, with a folder of its own."""
import os
import pathlib
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PAWL = os.environ.get("PAWL_BIN") or str(HERE.parents[1] / "build" / "dev" / "pawl")


def pawl(*arguments, text=None, environment=None):
    return subprocess.run([PAWL, *arguments], input=text, capture_output=True, text=True, check=False, timeout=60,
                          env={**os.environ, **(environment or {})})


class CommandCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return str(self.folder / name)
