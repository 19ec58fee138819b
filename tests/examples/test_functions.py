"""The examples' functions, each started by its command in functions.json and asked over a Runtime API of our own."""
import http.server
import json
import os
import pathlib
import queue
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
BASE = "/2018-06-01/runtime"


class RuntimeApi(http.server.ThreadingHTTPServer):
    """Hands out the invocations it is given, one at a time, and keeps the answers."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), RequestHandler)
        self.work, self.answers, self.init_errors = queue.Queue(), queue.Queue(), queue.Queue()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self):
        return f"127.0.0.1:{self.server_address[1]}"


class RequestHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def reply(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        assert self.path == BASE + "/invocation/next", self.path
        item = self.server.work.get()
        if item is None:
            return self.reply(410)
        headers = [("Lambda-Runtime-Aws-Request-Id", item[0]), ("Lambda-Runtime-Deadline-Ms", "9999999999999")]
        self.reply(200, item[1], headers)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        error = self.headers.get("Lambda-Runtime-Function-Error-Type")
        if self.path == BASE + "/init/error":
            self.server.init_errors.put((error, json.loads(body)))
        else:
            self.server.answers.put((self.path, error, json.loads(body)))
        self.reply(202)


class Function:
    """A process of one function, as the orchestrator would start it."""

    def __init__(self, name, data, command=None):
        self.api = RuntimeApi()
        command = command or json.loads((EXAMPLES / "functions.json").read_text())["functions"][name]["command"]
        if command[0] == "python3":
            command = [sys.executable, *command[1:]]
        environment = dict(os.environ, AWS_LAMBDA_RUNTIME_API=self.api.address, PAWL_EXAMPLES_DATA=str(data))
        self.process = subprocess.Popen(command, cwd=EXAMPLES, env=environment, stderr=subprocess.PIPE)
        self.calls = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.api.work.put(None)
        try:
            self.exit_status = self.process.wait(timeout=10)
        finally:
            self.process.kill()
            self.process.stderr.close()
            self.api.shutdown()
            self.api.server_close()

    def call(self, event):
        """The answer; a failure is raised as FunctionError."""
        self.calls += 1
        request_id = f"call-{self.calls}"
        self.api.work.put((request_id, json.dumps(event).encode()))
        path, error, body = self.api.answers.get(timeout=30)
        if path == f"{BASE}/invocation/{request_id}/error":
            assert error == body["errorType"]
            raise FunctionError(body["errorType"], body["errorMessage"])
        assert path == f"{BASE}/invocation/{request_id}/response", path
        return body


class FunctionError(Exception):
    def __init__(self, kind, message):
        super().__init__(f"{kind}: {message}")
        self.kind = kind


class ExampleTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = pathlib.Path(folder.name)

    def function(self, name):
        return self.enterContext(Function(name, self.data))

    def fails(self, kind, function, event):
        with self.assertRaises(FunctionError) as raised:
            function.call(event)
        self.assertEqual(raised.exception.kind, kind)
        return str(raised.exception)


class OrderFunctions(ExampleTest):
    def ask(self, sql, *values):
        connection = sqlite3.connect(self.data / "order" / "shop.db")
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def stock(self, sku):
        return self.ask("SELECT quantity FROM stock WHERE sku = ?", sku)[0][0]

    def test_reserving_takes_stock_once_and_releasing_gives_it_back_once(self):
        reserve, release = self.function("reserve-stock"), self.function("release-stock")
        order = {"order_id": "o1", "items": [{"sku": "cup", "quantity": 4}, {"sku": "teapot", "quantity": 1}]}
        first = reserve.call(order)
        self.assertEqual(first["total_cents"], 4 * 690 + 2450)
        self.assertEqual(reserve.call(order), first)
        self.assertEqual((self.stock("cup"), self.stock("teapot")), (49996, 9999))
        self.assertEqual(release.call({"order_id": "o1"}), {"released": 2})
        self.assertEqual(release.call({"order_id": "o1"}), {"released": 0})
        self.assertEqual((self.stock("cup"), self.stock("teapot")), (50000, 10000))

    def test_an_order_that_can_not_be_filled_reserves_nothing(self):
        reserve = self.function("reserve-stock")
        order = {"order_id": "o2", "items": [{"sku": "cup", "quantity": 1}, {"sku": "samovar", "quantity": 4}]}
        self.assertIn("4 of samovar wanted, 3 left", self.fails("OutOfStock", reserve, order))
        self.assertEqual(self.stock("cup"), 50000)
        self.assertEqual(self.ask("SELECT * FROM reservations"), [])

    def test_many_processes_share_the_stock(self):
        functions = [self.function("reserve-stock") for _ in range(3)]
        def take(function, number):
            for i in range(5):
                function.call({"order_id": f"p{number}-{i}", "items": [{"sku": "kettle", "quantity": 2}]})
        threads = [threading.Thread(target=take, args=(f, n)) for n, f in enumerate(functions)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.stock("kettle"), 10000 - 30)

    def test_a_busy_provider_works_after_the_tries_its_card_says(self):
        charge = self.function("charge-payment")
        payment = {"order_id": "o3", "amount_cents": 500, "card": "busy-2"}
        self.fails("ProviderBusy", charge, payment)
        self.fails("ProviderBusy", charge, payment)
        self.assertEqual(charge.call(payment), {"charged_cents": 500})
        self.assertEqual(charge.call(payment), {"charged_cents": 500})
        self.assertEqual(self.ask("SELECT * FROM payments"), [("o3", 500, 0)])

    def test_a_declined_card_is_not_charged(self):
        self.fails("PaymentDeclined", self.function("charge-payment"), {"order_id": "o4", "amount_cents": 1, "card": "declined"})
        self.assertEqual(self.ask("SELECT * FROM payments"), [])

    def test_refunding_marks_the_payment_and_forgives_an_order_never_charged(self):
        charge, refund = self.function("charge-payment"), self.function("refund-payment")
        charge.call({"order_id": "o5", "amount_cents": 700, "card": "good"})
        self.assertEqual(refund.call({"order_id": "o5"}), {"refunded_cents": 700})
        self.assertEqual(refund.call({"order_id": "o5"}), {"refunded_cents": 700})
        self.assertEqual(self.ask("SELECT * FROM payments"), [("o5", 700, 1)])
        self.assertEqual(refund.call({"order_id": "never"}), {"refunded_cents": 0})

    def test_shipping_writes_one_paper_and_the_same_tracking_number(self):
        ship = self.function("ship-order")
        order = {"order_id": "o6", "address": {"country": "NL"}, "items": []}
        first = ship.call(order)
        self.assertEqual(ship.call(order), first)
        papers = list((self.data / "order" / "shipments").iterdir())
        self.assertEqual([paper.name for paper in papers], ["o6.json"])
        self.assertEqual(json.loads(papers[0].read_text())["tracking"], first["tracking"])

    def test_the_carrier_refuses_some_countries(self):
        message = self.fails("AddressNotServed", self.function("ship-order"), {"order_id": "o7", "address": {"country": "Atlantis"}})
        self.assertIn("Atlantis", message)

    def test_letters_land_in_the_outbox(self):
        mail = self.function("send-email")
        answer = mail.call({"order_id": "o8", "to": "ada@example.org", "letter": "cancellation", "reason": "OutOfStock"})
        self.assertEqual(answer["subject"], "Your order o8 is cancelled")
        text = (self.data / "order" / "outbox" / "o8-cancellation.eml").read_text()
        self.assertTrue(text.startswith("To: ada@example.org\n"))
        self.assertIn("OutOfStock", text)


class ThumbnailFunctions(ExampleTest):
    def test_listing_finds_pictures_only(self):
        (self.data / "a.PNG").write_bytes(b"x" * 7)
        (self.data / "b.txt").write_text("no picture")
        listing = self.function("list-images").call({"folder": str(self.data)})
        self.assertEqual(listing, {"images": [{"path": str(self.data / "a.PNG"), "name": "a.PNG", "bytes": 7}]})

    def test_a_missing_folder_is_an_error_of_its_own(self):
        self.fails("NoSuchFolder", self.function("list-images"), {"folder": "no-such-folder"})

    def test_every_picture_becomes_a_small_one_and_a_torn_one_does_not(self):
        make, report = self.function("make-thumbnail"), self.function("write-report")
        results = []
        for image in self.function("list-images").call({"folder": "pictures"})["images"]:
            if image["name"] == "torn.png":
                self.fails("UnreadableImage", make, {"image": image, "size": 128})
                results.append({"name": image["name"], "error": "UnreadableImage"})
                continue
            result = make.call({"image": image, "size": 128})
            self.assertEqual(max(result["to"]["width"], result["to"]["height"]), 128)
            self.assertEqual(pathlib.Path(result["thumbnail"]).stat().st_size, result["to"]["bytes"])
            results.append(result)
        summary = report.call({"results": results})
        self.assertEqual((summary["thumbnails"], summary["unreadable"]), (6, ["torn.png"]))
        self.assertEqual(summary["bytes_saved"], sum(r["from"]["bytes"] - r["to"]["bytes"] for r in results if "to" in r))
        self.assertEqual(pathlib.Path(summary["report"]).read_text().count("<img "), 6)


class Hosts(ExampleTest):
    """What every function gets from its host."""

    def host(self, language, source):
        suffix = {"python": "py", "node": "js"}[language]
        handler = self.data / f"handler.{suffix}"
        handler.write_text(source)
        program = sys.executable if language == "python" else "node"
        return self.enterContext(Function("", self.data, [program, f"runtime/{language}_host.{suffix}", str(handler)]))

    def test_a_host_ends_quietly_when_it_is_told_to(self):
        for language, source in (("python", "def handler(e, c): return e"), ("node", "exports.handler = (e) => e")):
            with self.subTest(language):
                host = self.host(language, source)
                self.assertEqual(host.call({"ü": [1.5, None, "€"]}), {"ü": [1.5, None, "€"]})
                host.api.work.put(None)
                self.assertEqual(host.process.wait(timeout=10), 0)

    def test_a_handler_that_does_not_load_is_an_init_error(self):
        for language, source in (("python", "import nothing_of_that_name"), ("node", "throw new RangeError('broken')")):
            with self.subTest(language):
                host = self.host(language, source)
                error, document = host.api.init_errors.get(timeout=10)
                self.assertEqual(error, {"python": "ModuleNotFoundError", "node": "RangeError"}[language])
                self.assertEqual(document["errorType"], error)
                self.assertEqual(host.process.wait(timeout=10), 1)

    def test_a_host_goes_on_after_an_error(self):
        source = {
            "python": "def handler(e, c):\n    if e: raise KeyError('gone')\n    return 'fine'",
            "node": "exports.handler = async (e) => { if (e) throw new TypeError('gone'); return 'fine'; }",
        }
        for language, kind in (("python", "KeyError"), ("node", "TypeError")):
            with self.subTest(language):
                host = self.host(language, source[language])
                self.fails(kind, host, True)
                self.assertEqual(host.call(False), "fine")


if __name__ == "__main__":
    unittest.main()
