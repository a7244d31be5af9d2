"""PyJWT, a JWT library that is not ours, takes wxlogind's token; and wxlogind takes of PyJWT's tokens the one that
is right and no other.

    python3 pyjwt.py '{"token":…,"issuer":…,"appid":…,"kid":…,"key":…,"user":…,"verify":"http://…/verify"}'
"""

import base64
import json
import sys
import time
import urllib.error
import urllib.request

import jwt

given = json.loads(sys.argv[1])
key = base64.urlsafe_b64decode(given["key"] + "=" * (-len(given["key"]) % 4))


def check(token, secret=key, audience=given["appid"], issuer=given["issuer"]):
    """As a service would: the algorithm pinned, everything required."""
    return jwt.decode(
        token,
        secret,
        algorithms=["HS256"],
        audience=audience,
        issuer=issuer,
        options={"require": ["iss", "aud", "sub", "sid", "iat", "exp"]},
    )


def refuses(error, *arguments, **names):
    try:
        check(*arguments, **names)
    except error:
        return True
    return False


claims = check(given["token"])
header = jwt.get_unverified_header(given["token"])
assert claims["sub"] == given["user"], claims
assert header == {"alg": "HS256", "typ": "wxsess+jwt", "kid": given["kid"]}, header
assert refuses(jwt.InvalidSignatureError, given["token"], secret=b"x" * 32)
assert refuses(jwt.InvalidAudienceError, given["token"], audience="wxanother")
assert refuses(jwt.InvalidIssuerError, given["token"], issuer="somebody")
assert refuses(jwt.InvalidTokenError, given["token"][:-1])


def sign(over=None, head=None, secret=key, algorithm="HS256"):
    return jwt.encode(
        {**claims, **(over or {})},
        secret,
        algorithm=algorithm,
        headers={"typ": "wxsess+jwt", "kid": given["kid"], **(head or {})},
    )


def status(token):
    request = urllib.request.Request(given["verify"], headers={"Authorization": "Bearer " + token})
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as refused:
        return refused.code


assert status(given["token"]) == 200
now = int(time.time())
refused = {
    "alg none": sign(secret=None, algorithm="none"),
    "another key": sign(secret=b"x" * 32),
    "HS512 with our key": sign(algorithm="HS512"),
    "typ JWT": sign(head={"typ": "JWT"}),
    "unknown kid": sign(head={"kid": "unknown"}),
    "crit": sign(head={"crit": ["exp"]}),
    "expired": sign({"iat": now - 7300, "exp": now - 100}),
    "issued in the future": sign({"iat": now + 3600, "exp": now + 7200}),
    "another issuer": sign({"iss": "somebody"}),
    "an app that is not served": sign({"aud": "wxanother"}),
    "an array of audiences": sign({"aud": [given["appid"]]}),
    "a sid that is no text": sign({"sid": 7}),
}
for what, token in refused.items():
    assert status(token) == 401, what

print("PyJWT agrees")
