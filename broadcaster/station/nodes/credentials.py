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


def hash_password(password: str, *, salt: bytes = b"") -> str:
    """``$7$iterations$salt$hash``: PBKDF2 with HMAC-SHA512, as ``mosquitto_passwd`` writes it; salted at random unless
    a salt of 12 letters is given."""
    salt = salt or secrets.token_urlsafe(SALT_BYTES * 3 // 4).encode()  # letters, as EMQX takes no other salt
    return f"$7${ITERATIONS}${_b64(salt)}${_b64(_stretch(password, salt, ITERATIONS))}"


def salted_sha256(password: str, *, salt: bytes = b"") -> str:
    """As RabbitMQ keeps it: base64 of four bytes of salt, then the SHA-256 of salt and password."""
    salt = salt[:4] or secrets.token_bytes(4)
    return _b64(salt + hashlib.sha256(salt + password.encode()).digest())


def lasting_salt(password: str) -> bytes:
    """The same 12 letters for the same password: for files that are written again and shall differ only when they
    say something else."""
    return _b64(hashlib.sha256(b"salt of a file\0" + password.encode()).digest())[:SALT_BYTES].encode()


def pbkdf2_parts(password_hash: str) -> tuple[int, bytes, bytes]:
    """Iterations, salt and key of what ``hash_password`` made."""
    _, _, iterations, salt, key = password_hash.split("$")
    return int(iterations), base64.b64decode(salt), base64.b64decode(key)


def verify_password(password: str, password_hash: str) -> bool:
    """Whether the password is the one that was hashed."""
    _, kind, iterations, salt, expected = password_hash.split("$")
    made = _stretch(password, base64.b64decode(salt), int(iterations))
    return kind == "7" and hmac.compare_digest(made, base64.b64decode(expected))


def _stretch(password: str, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
