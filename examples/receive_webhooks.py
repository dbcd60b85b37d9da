#!/usr/bin/env python3
"""Receives the tracker's webhooks, with nothing but Python's standard library.

    WEBHOOK_SECRET=whsec_… PORT=9000 python3 examples/receive_webhooks.py

Run `npm start` and `kard-audits listen --forward http://127.0.0.1:9000/` next to it. Listen prints the secret.
"""

import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

TOLERANCE_SECONDS = 5 * 60
MOST_BYTES = 1024 * 1024

SECRET = os.environ.get("WEBHOOK_SECRET", "")
if not SECRET.startswith("whsec_"):
    raise SystemExit("WEBHOOK_SECRET has to be the subscription's secret: whsec_…")
KEY = base64.b64decode(SECRET[len("whsec_"):], validate=True)

# Processed events. Store them durably: a webhook may arrive twice, and an older one after a newer one.
handled = set()
latest = {}
lock = Lock()


class Forged(Exception):
    pass


def verify(headers, body):
    """Standard Webhooks 1.0.0: raises Forged unless the tracker signed these bytes within the last five minutes."""
    event_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not event_id or not timestamp.isascii() or not timestamp.isdigit():
        raise Forged("it is not signed")
    if abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        raise Forged("its timestamp is too far off")
    signed = f"{event_id}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest())
    # Several signatures while a secret is being replaced: one that matches is enough.
    for signature in headers.get("webhook-signature", "").split(" "):
        version, _, value = signature.partition(",")
        if version == "v1" and hmac.compare_digest(value.encode(), expected):
            return
    raise Forged("no signature matches")


def handle(event):
    data = event["data"]
    sequence = data.get("eventNumber", data.get("sequence", 0))
    with lock:
        if event["id"] in handled:
            return f"{event['id']} once more"
        handled.add(event["id"])
        if sequence < latest.get(data["id"], 0):
            return f"{event['id']} out of date"
        latest[data["id"]] = sequence
    attributes = data["attributes"]
    what = [event["id"], event["type"], data["id"], attributes.get("status"), attributes.get("resolutionCode")]
    return " ".join(str(part) for part in what if part is not None)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_POST(self):
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > MOST_BYTES:
            self.close_connection = True
            return self.answer(413)
        # The raw bytes: parsed and written out again they would not be what was signed.
        body = self.rfile.read(int(length))
        try:
            verify(self.headers, body)
        except Forged as reason:
            print(f"refused: {reason}", flush=True)
            return self.answer(401)
        print(handle(json.loads(body)), flush=True)
        # Only 2xx says that it arrived. Answer within 15 seconds and do what takes longer afterwards.
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        if status != 204:
            self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver)
    print(f"listening on {server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
