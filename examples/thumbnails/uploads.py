#!/usr/bin/env python3
"""Watches a folder, and starts an execution for every picture that comes into it.

    uploads.py FOLDER [--endpoint http://127.0.0.1:8083]

An execution is named by the picture's name and content: a watcher that is started again starts none twice. A file is
taken when it has stopped growing.
"""
import argparse
import hashlib
import pathlib
import re
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from follow import Api  # noqa: E402

KINDS = {".jpg", ".jpeg", ".png", ".gif", ".webp"}
LOOK_EVERY_SECONDS = 0.3


class Uploads:
    def __init__(self, api, folder):
        self.api, self.folder = api, pathlib.Path(folder).resolve()
        self.machine = api.create_or_update("thumbnail-upload", (HERE / "upload.asl.json").read_text(encoding="utf-8"))
        self._seen, self._taken = {}, set()

    def look(self):
        """Starts executions for what is new and complete; gives their ARNs."""
        started, now = [], {}
        for path in sorted(self.folder.iterdir()):
            if path.suffix.lower() in KINDS and path.is_file():
                status = path.stat()
                now[path] = (status.st_size, status.st_mtime_ns)
        for path, state in now.items():
            if self._seen.get(path) == state and (path, state) not in self._taken:
                started.append(self.start(path))
                self._taken.add((path, state))
        self._seen = now
        return started

    def start(self, path):
        content = path.read_bytes()
        plain = re.sub(r"[^A-Za-z0-9]", "-", path.stem)[:30]
        name = f"{plain}-{hashlib.sha256(str(path).encode() + content).hexdigest()[:32]}"
        image = {"name": path.name, "path": str(path), "bytes": len(content)}
        return self.api.start_once(self.machine, name, {"image": image})


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder")
    arguments.add_argument("--endpoint", default="http://127.0.0.1:8083")
    options = arguments.parse_args()
    uploads = Uploads(Api(options.endpoint), options.folder)
    while True:
        for execution in uploads.look():
            print(execution, flush=True)
        time.sleep(LOOK_EVERY_SECONDS)
