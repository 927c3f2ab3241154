"""Passwords of people: which are accepted, and argon2id, with its parameters kept in every hash.

As NIST SP 800-63B has it (5.1.1.2): long enough, none that is known or easily guessed, no rule about kinds of letters.
"""

import secrets
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from broadcaster.errors import Invalid
from broadcaster.station.vocabulary.names import bare

SHORTEST = 10
LONGEST = 256
EASY_GUESSES_LOG10 = 8.0
"""What a guesser who knows common passwords, words, names, dates and keys in a row finds in fewer tries is refused."""
EXPECTED_HERE = (
    "matkhau",
    "anhyeuem",
    "emyeuanh",
    "vietnam",
    "xinchao",
    "hanoi",
    "saigon",
    "loalang",
    "truyenthanh",
    "daitruyenthanh",
    "canbo",
    "chutich",
    "quantri",
    "truongthon",
    "conmeo",
    "giadinh",
    "hanhphuc",
    "tinhyeu",
)
"""Words of Vietnamese passwords that the lists of the world do not have."""
SHORTEST_NAME = 4
"""Letters of a name that must not stand in a password; shorter ones stand in too many words."""
LONGEST_GUESSED = 72
"""Letters that are looked at for how easily they are guessed; more make it only harder."""
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

hasher = PasswordHasher()


def check_password(password: str, *, names: Iterable[str]) -> None:
    """Raises Invalid(field="password") for one that is too short, too long, known, easily guessed, or made of the names
    of its owner."""
    _check_length(password)
    squeezed, theirs = _squeezed(password), [_squeezed(each) for each in names]
    if any(len(each) >= SHORTEST_NAME and each in squeezed for each in theirs):
        raise Invalid("person.password_name", field="password")
    known = [*EXPECTED_HERE, *theirs]
    if min(_guesses_log10(each, known) for each in (password, squeezed) if each) < EASY_GUESSES_LOG10:
        raise Invalid("person.password_guessed", field="password")


def hash_password(password: str) -> str:
    """Raises Invalid when the password is too short or too long to be accepted."""
    _check_length(password)
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


def _check_length(password: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid("person.password_length", field="password", shortest=SHORTEST, longest=LONGEST)


def _guesses_log10(password: str, known: list[str]) -> float:
    from zxcvbn import zxcvbn  # its lists of words take 12 MB, and are needed where somebody chooses a password

    return float(zxcvbn(password[:LONGEST_GUESSED], user_inputs=known)["guesses_log10"])


def _squeezed(text: str) -> str:
    """Small letters and digits alone, without marks: what is left of every way to dress a word up."""
    return "".join(each for each in bare(text) if each.isalnum())


def _plain(password: str) -> str:
    return unicodedata.normalize("NFC", password)
