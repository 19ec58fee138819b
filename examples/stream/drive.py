"""Writes posts, reads them in batches, with a reader that dies once between a batch and its checkpoint."""
import json
import pathlib
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from reader import Reader  # noqa: E402
from follow import DATA, checks  # noqa: E402

TAGS = ("pawl", "workflows", "tea", "rain")
POSTS = 250


def write_posts(path):
    with open(path, "w", encoding="utf-8") as file:
        for number in range(POSTS):
            text = f"post {number} about #{TAGS[number % 4]}" + (" and #Tea!" if number % 10 == 0 else "")
            file.write(json.dumps({"at": f"2026-11-22T{number % 24:02d}:00:00Z", "text": text}) + "\n")
        file.write("this is no JSON\n")
        file.write('{"half": ')  # somebody is still writing


def read_totals(file, stream):
    """What stream/functions/merge.py has counted."""
    if not file.exists():
        print(f"  there is no {file}: does the server run the functions of this checkout's examples/functions.json?")
        return []
    database = sqlite3.connect(file)
    try:
        return database.execute("SELECT kind, name, count FROM totals WHERE stream = ?", (stream,)).fetchall()
    except sqlite3.OperationalError as trouble:
        print(f"  {file}: {trouble}: has the function stream-merge run?")
        return []
    finally:
        database.close()


def play(api):
    folder = DATA / "stream"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"posts-{time.time_ns()}.jsonl"
    write_posts(path)
    Reader(api, path).step()
    Reader(api, path).step(save=False)  # it dies here
    second_life, steps = Reader(api, path), 0
    while second_life.step():
        steps += 1
    rows = read_totals(folder / "totals.db", path.stem)
    totals = {(kind, name): count for kind, name, count in rows}
    expected = {tag: sum(1 for n in range(POSTS) if TAGS[n % 4] == tag) for tag in TAGS}
    expected["tea"] += sum(1 for n in range(POSTS) if n % 10 == 0)
    print("  tags: " + ", ".join(f"{name} {count}" for (kind, name), count in sorted(totals.items()) if kind == "tag"))
    return checks("stream", [
        ("tags are counted, each post once", {tag: totals.get(("tag", tag)) for tag in TAGS} == expected),
        ("posts of each hour", sum(count for (kind, _), count in totals.items() if kind == "hour") == POSTS),
        ("a broken line is counted and stops nothing", totals.get(("posts", "unreadable")) == 1),
        ("the batch after the crash was not done twice", steps == 2),
        ("the half line waits", second_life.checkpoint() == path.stat().st_size - len('{"half": ')),
    ])
