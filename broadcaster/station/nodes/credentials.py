"""What a node proves itself with at the broker. Mosquitto's own hash format, which we can also check ourselves."""

import base64
import hashlib
import hmac
import secrets

ITERATIONS = 101
"""Mosquitto's default. The passwords are 192 random bits, so stretching them would only slow reconnects."""


SALT_BYTES = 12
"""What Mosquitto 2.0 writes and accepts; it refuses a longer one."""


def random_password() -> str:
    """32 characters, 192 bits."""
    return secrets.token_urlsafe(24)


def hash_password(password: str) -> str:
    """``$7$iterations$salt$hash``: PBKDF2 with HMAC-SHA512, as ``mosquitto_passwd`` writes it."""
    salt = secrets.token_bytes(SALT_BYTES)
    return f"$7${ITERATIONS}${_b64(salt)}${_b64(_stretch(password, salt, ITERATIONS))}"


def verify_password(password: str, password_hash: str) -> bool:
    """Whether the password is the one that was hashed."""
    _, kind, iterations, salt, expected = password_hash.split("$")
    made = _stretch(password, base64.b64decode(salt), int(iterations))
    return kind == "7" and hmac.compare_digest(made, base64.b64decode(expected))


def _stretch(password: str, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
