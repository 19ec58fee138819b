"""Takes an order's items off the shelf, all of them or none."""
from shop import books


class OutOfStock(Exception):
    pass


def handler(event, context):
    order = event["order_id"]
    with books() as db:
        known = db.execute("SELECT 1 FROM reservations WHERE order_id = ?", (order,)).fetchone()
        if not known:
            for item in event["items"]:
                reserve(db, order, item["sku"], item["quantity"])
        rows = db.execute(
            "SELECT r.sku, r.quantity, s.price_cents FROM reservations r JOIN stock s USING (sku) WHERE order_id = ? ORDER BY r.sku",
            (order,),
        ).fetchall()
    return {
        "items": [{"sku": row["sku"], "quantity": row["quantity"]} for row in rows],
        "total_cents": sum(row["quantity"] * row["price_cents"] for row in rows),
    }


def reserve(db, order, sku, quantity):
    row = db.execute("SELECT quantity FROM stock WHERE sku = ?", (sku,)).fetchone()
    left = row["quantity"] if row else 0
    if left < quantity:
        raise OutOfStock(f"{quantity} of {sku} wanted, {left} left")
    db.execute("UPDATE stock SET quantity = quantity - ? WHERE sku = ?", (quantity, sku))
    db.execute("INSERT INTO reservations VALUES (?, ?, ?)", (order, sku, quantity))
