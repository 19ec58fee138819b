"""The shop's books: stock, reservations and payments, in one SQLite file.

Tasks are handed out at least once, so every change is keyed by the order: doing it twice is the same as doing it once.
`python3 shop.py` prints the books.
"""
import contextlib
import os
import pathlib
import sqlite3

EXAMPLES = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ.get("PAWL_EXAMPLES_DATA") or EXAMPLES.parent / "build" / "examples") / "order"

SCHEMA = """
CREATE TABLE IF NOT EXISTS stock (sku TEXT PRIMARY KEY, price_cents INTEGER NOT NULL, quantity INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS reservations (order_id TEXT, sku TEXT, quantity INTEGER NOT NULL, PRIMARY KEY (order_id, sku));
CREATE TABLE IF NOT EXISTS payments (order_id TEXT PRIMARY KEY, amount_cents INTEGER NOT NULL, refunded INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS payment_tries (order_id TEXT PRIMARY KEY, tries INTEGER NOT NULL);
INSERT OR IGNORE INTO stock VALUES ('kettle', 3900, 10000), ('teapot', 2450, 10000), ('cup', 690, 50000), ('samovar', 18900, 3);
"""


@contextlib.contextmanager
def books():
    """One transaction; other processes of the shop wait for its end."""
    DATA.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(DATA / "shop.db", timeout=20, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        fresh = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        if fresh:
            connection.executescript("BEGIN IMMEDIATE;" + SCHEMA + "COMMIT;")
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    finally:
        connection.close()


def main():
    with books() as db:
        for table in ("stock", "reservations", "payments"):
            print(table)
            for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2"):
                print("  " + "  ".join(f"{key}={row[key]}" for key in row.keys()))


if __name__ == "__main__":
    main()
