"""Whose call it is, and whether they may do this."""
import tokens


class Unauthorised(Exception):
    pass


class Forbidden(Exception):
    pass


def handler(event, context):
    claims = tokens.claims(event["token"])
    if claims is None:
        raise Unauthorised("the token is not valid")
    needed = "read" if event["action"] == "list" else "write"
    if needed not in claims["scope"].split():
        raise Forbidden(f"{claims['sub']} may not {needed}")
    return claims
