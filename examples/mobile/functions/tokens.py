"""JSON Web Tokens with HS256, the part of RFC 7519 that is needed here."""
import base64
import hashlib
import hmac
import json
import os
import time

KEY = os.environ.get("MOBILE_KEY", "the key of this example, which is no secret").encode()


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signature(signed, key):
    return encode(hmac.new(key, signed.encode(), hashlib.sha256).digest())


def make(user, scope="read write", seconds=600, key=KEY):
    signed = encode(b'{"alg":"HS256","typ":"JWT"}') + "." + encode(
        json.dumps({"sub": user, "scope": scope, "exp": int(time.time()) + seconds}).encode())
    return signed + "." + signature(signed, key)


def claims(token):
    """What the token says, or nothing when it is forged, spoilt or too old."""
    try:
        head, body, given = token.split(".")
        good = hmac.compare_digest(given, signature(f"{head}.{body}", KEY)) and json.loads(decode(head))["alg"] == "HS256"
        said = json.loads(decode(body))
        return said if good and said["exp"] > time.time() else None
    except (ValueError, KeyError, TypeError):
        return None
