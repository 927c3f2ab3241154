"""Passwords of people: argon2id, with its parameters kept in every hash."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from broadcaster.errors import Invalid

SHORTEST = 10
LONGEST = 256
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Raises Invalid when the password is too short or too long to be accepted."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid("person.password_length", field="password", shortest=SHORTEST, longest=LONGEST)
    return hasher.hash(_plain(password))


def verify_password(password: str, password_hash: str) -> bool:
    """Whether the password is the one that was hashed; the time taken tells nothing."""
    try:
        return hasher.verify(password_hash, _plain(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False


def random_password() -> str:
    """Easy to read aloud and to type: four groups of four, about 79 bits, no look-alike letters."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def _plain(password: str) -> str:
    return unicodedata.normalize("NFC", password)
