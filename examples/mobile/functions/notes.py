"""Notes of a user, each under the id that the app gave it: a call that comes twice writes once."""
import os
import pathlib
import sqlite3

DATA = pathlib.Path(os.environ.get("PAWL_EXAMPLES_DATA") or pathlib.Path(__file__).resolve().parents[3] / "build" / "examples")


def handler(event, context):
    folder = DATA / "mobile"
    folder.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(folder / "notes.db", timeout=20)
    try:
        with database:
            database.execute("CREATE TABLE IF NOT EXISTS notes (user TEXT, id TEXT, note TEXT, PRIMARY KEY (user, id))")
            if event["action"] == "add":
                database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", (event["user"], event["id"], event["note"]))
            rows = database.execute("SELECT id, note FROM notes WHERE user = ? ORDER BY id", (event["user"],)).fetchall()
    finally:
        database.close()
    return {"notes": [{"id": key, "note": note} for key, note in rows]}
