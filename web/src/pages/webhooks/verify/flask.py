# pip install flask
import hashlib
import hmac
import os

from flask import Flask, request

secret = os.environ["WEBHOOK_SECRET"]  # whsec_…, the whole text
app = Flask(__name__)


def is_right(body: bytes, given: str) -> bool:
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), given.encode())


@app.post("/webhooks/bookingshake")
def receive():
    # The signature is made over the bytes as they came.
    if not is_right(request.get_data(), request.headers.get("Bookingshake-Signature", "")):
        return "", 401
    event = request.get_json()
    # The same delivery may come twice: remember its Idempotency-Key.
    print(request.headers["Idempotency-Key"], event["event"], event["data"]["id"])
    return "", 204
