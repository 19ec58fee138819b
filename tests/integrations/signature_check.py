"""Checks AWS Signature Version 4 of requests, written apart from Pawl's signer."""
import hashlib
import hmac
import urllib.parse


def problem(method, target, headers, body, secret="test"):
    """Why a request is not signed with this secret; nothing when it is. `headers` knows names in any case."""
    authorization = headers.get("Authorization") or ""
    if not authorization.startswith("AWS4-HMAC-SHA256 "):
        return "the request is not signed"
    parts = dict(part.strip().split("=", 1) for part in authorization.split(" ", 1)[1].split(","))
    key, date, region, service, end = parts["Credential"].split("/")
    if end != "aws4_request":
        return f"the scope ends with {end}"
    url = urllib.parse.urlsplit(target)
    query = sorted(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
    quoted = "&".join(f"{urllib.parse.quote(name, safe='-_.~')}={urllib.parse.quote(value, safe='-_.~')}" for name, value in query)
    path = url.path if service == "s3" else urllib.parse.quote(url.path, safe="/-_.~")
    names = parts["SignedHeaders"].split(";")
    if "host" not in names or "x-amz-date" not in names:
        return f"Host and X-Amz-Date must be signed, not {names} alone"
    lines = "".join(f"{name}:{' '.join((headers.get(name) or '').split())}\n" for name in names)
    hashed = headers.get("x-amz-content-sha256") or hashlib.sha256(body).hexdigest()
    if hashed != hashlib.sha256(body).hexdigest():
        return "x-amz-content-sha256 is that of another body"
    canonical = "\n".join([method, path, quoted, lines, ";".join(names), hashed])
    scope = f"{date}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", headers["X-Amz-Date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signing = ("AWS4" + secret).encode()
    for word in (date, region, service, "aws4_request"):
        signing = hmac.new(signing, word.encode(), hashlib.sha256).digest()
    if hmac.new(signing, text.encode(), hashlib.sha256).hexdigest() != parts["Signature"]:
        return "the signature is wrong; expected one of\n" + canonical
    return None
