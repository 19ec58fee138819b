#!/usr/bin/env python3
"""Reads a stream in batches, from where it stopped the last time.

    reader.py STREAM.jsonl [--endpoint http://127.0.0.1:8083] [--batch 100] [--until-end]

The stream is a file that others append lines to. A batch is an execution named by its place in the stream, so a reader
that dies after starting it and before writing its checkpoint starts the same one again, which is no second one.
"""
import argparse
import json
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from follow import Api, replace_file  # noqa: E402

PARTS = 4
BATCH_BYTES = 128 * 1024  # an execution's input may have 256 KiB


class Reader:
    def __init__(self, api, stream, batch=100):
        self.api, self.stream, self.batch = api, pathlib.Path(stream), batch
        self.name = self.stream.stem
        self.checkpoint_file = self.stream.with_suffix(".checkpoint")
        self.machine = api.create_or_update("stream", (HERE / "stream.asl.json").read_text(encoding="utf-8"))

    def checkpoint(self):
        """How many bytes are done."""
        try:
            return int(self.checkpoint_file.read_text())
        except FileNotFoundError:
            return 0

    def next_batch(self, start):
        """Whole lines from there: at most a batch. (posts, where they end)"""
        posts, end = [], start
        with open(self.stream, "rb") as file:
            file.seek(start)
            while len(posts) < self.batch and end - start < BATCH_BYTES:
                line = file.readline(BATCH_BYTES)
                if not line.endswith(b"\n"):
                    break  # somebody is still writing it
                end += len(line)
                try:
                    posts.append(json.loads(line))
                except ValueError:
                    posts.append(None)  # counted as unreadable
        return posts, end

    def step(self, save=True):
        """Works on one batch. False: there is none."""
        start = self.checkpoint()
        posts, end = self.next_batch(start)
        if not posts:
            return False
        size = -(-len(posts) // PARTS)
        parts = [posts[at:at + size] for at in range(0, len(posts), size)]
        execution = self.api.start_once(self.machine, f"{self.name}-{start}-{end}", {"stream": self.name, "from": start, "parts": parts})
        ended = self.api.wait_for_end(execution)
        if ended["status"] != "SUCCEEDED":
            raise RuntimeError(f"{execution} ended as {ended['status']}: {ended.get('error')}")
        if save:
            replace_file(self.checkpoint_file, str(end))
        return True


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("stream")
    arguments.add_argument("--endpoint", default="http://127.0.0.1:8083")
    arguments.add_argument("--batch", type=int, default=100)
    arguments.add_argument("--until-end", action="store_true")
    options = arguments.parse_args()
    reader = Reader(Api(options.endpoint), options.stream, options.batch)
    while True:
        if not reader.step():
            if options.until_end:
                break
            time.sleep(0.5)
