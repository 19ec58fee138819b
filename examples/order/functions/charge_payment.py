"""Charges a card at a payment provider that is often busy.

As at real providers, test cards say what happens: "busy-N" answers N times that it is busy and then works,
"declined" never works, every other card works at once.
"""
from shop import books


class ProviderBusy(Exception):
    pass


class PaymentDeclined(Exception):
    pass


def handler(event, context):
    order, amount, card = event["order_id"], event["amount_cents"], event["card"]
    tries = count_try(order)
    if card.startswith("busy-") and tries <= int(card.removeprefix("busy-")):
        raise ProviderBusy(f"try {tries} for order {order}")
    if card == "declined":
        raise PaymentDeclined(f"the bank declined {amount / 100:.2f}")
    with books() as db:
        db.execute("INSERT OR IGNORE INTO payments VALUES (?, ?, 0)", (order, amount))
        charged = db.execute("SELECT amount_cents FROM payments WHERE order_id = ?", (order,)).fetchone()["amount_cents"]
    return {"charged_cents": charged}


def count_try(order):
    """A transaction of its own: the count stays although the try fails."""
    with books() as db:
        db.execute("INSERT INTO payment_tries VALUES (?, 1) ON CONFLICT DO UPDATE SET tries = tries + 1", (order,))
        return db.execute("SELECT tries FROM payment_tries WHERE order_id = ?", (order,)).fetchone()["tries"]
