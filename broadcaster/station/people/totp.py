"""One-time codes of a telephone: RFC 6238 with SHA-1, six digits, thirty seconds, as authenticators have it. Pure."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
DRIFT_STEPS = 1
"""A telephone's clock may be so many steps off."""


def new_secret() -> str:
    """160 random bits, base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def address(secret: str, *, account: str, issuer: str) -> str:
    """What an authenticator reads from a QR code."""
    label = quote(f"{issuer}:{account}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"


def step_at(at: datetime) -> int:
    """The number of the code that holds at an instant."""
    return int(at.timestamp()) // STEP_SECONDS


def code(secret: str, step: int) -> str:
    """The six digits of a step (RFC 4226, section 5.3)."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching_step(secret: str, typed: str, *, at: datetime, after_step: int) -> int | None:
    """The step whose code was typed; None for a wrong code, or one of a step already used."""
    digits = "".join(typed.split())
    now = step_at(at)
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if step > after_step and hmac.compare_digest(code(secret, step).encode(), digits.encode()):
            return step
    return None
