"""Adds the counts of a batch to the totals of its stream. The batch's number is kept with them, in one transaction: a
batch that comes again changes nothing."""
import os
import pathlib
import sqlite3

DATA = pathlib.Path(os.environ.get("PAWL_EXAMPLES_DATA") or pathlib.Path(__file__).resolve().parents[3] / "build" / "examples")
TABLES = """
CREATE TABLE IF NOT EXISTS batches (stream TEXT, start INTEGER, PRIMARY KEY (stream, start));
CREATE TABLE IF NOT EXISTS totals (stream TEXT, kind TEXT, name TEXT, count INTEGER, PRIMARY KEY (stream, kind, name));
"""


def handler(event, context):
    folder = DATA / "stream"
    folder.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(folder / "totals.db", timeout=20)
    try:
        database.executescript(TABLES)
        with database:
            cursor = database.execute("INSERT OR IGNORE INTO batches VALUES (?, ?)", (event["stream"], event["from"]))
            if cursor.rowcount == 1:
                for counts in event["counts"]:
                    add(database, event["stream"], counts)
        return {"added": cursor.rowcount == 1}
    finally:
        database.close()


def add(database, stream, counts):
    rows = [("posts", "unreadable", counts["unreadable"])]
    rows += [("tag", name, count) for name, count in counts["tags"].items()]
    rows += [("hour", name, count) for name, count in counts["hours"].items()]
    for kind, name, count in rows:
        database.execute(
            "INSERT INTO totals VALUES (?, ?, ?, ?) ON CONFLICT (stream, kind, name) DO UPDATE SET count = count + excluded.count",
            (stream, kind, name, count))
