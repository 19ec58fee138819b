"""Undoes reserve_stock: puts an order's items back."""
from shop import books


def handler(event, context):
    order = event["order_id"]
    with books() as db:
        rows = db.execute("SELECT sku, quantity FROM reservations WHERE order_id = ?", (order,)).fetchall()
        for row in rows:
            db.execute("UPDATE stock SET quantity = quantity + ? WHERE sku = ?", (row["quantity"], row["sku"]))
        db.execute("DELETE FROM reservations WHERE order_id = ?", (order,))
    return {"released": len(rows)}
