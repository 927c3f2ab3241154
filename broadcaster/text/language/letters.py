"""Letters by their names, and what may stand in a spoken word."""

import unicodedata

from broadcaster.text.language.lexicon import readings
from broadcaster.text.language.numbers import DIGITS as NUMERALS

NAMES = readings("letters")
VIETNAMESE = frozenset("aăâbcdđeêghiklmnoôơpqrstuưvxy")
LOWER = "a-zàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
"""Small letters, for the brackets of a pattern; the ranges of Unicode mix them with capitals."""
UPPER = LOWER.upper()
_SMALL = "a-eghik-vxy" + LOWER.removeprefix("a-z")
SPOKEN = _SMALL + _SMALL.upper()
"""The letters of Vietnamese in both cases, for the brackets of a pattern."""
DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZĐ"
LETTERS = CAPITALS + CAPITALS.lower()
WORDS = DIGITS + LETTERS
"""What codes and addresses are made of."""
_FOREIGN = {"f": "ph", "j": "gi", "w": "v", "z": "d"}
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_SHAPES = {"\u0302": "aeo", "\u0306": "a", "\u031b": "ou"}


def spell(word: str) -> str:
    """Name each letter of a word and each figure in it: "ATM" is "a tê em"."""
    names = []
    for letter in word.lower():
        if letter.isdecimal():
            names.append(NUMERALS[int(letter)])
        else:
            names.append(NAMES.get(letter) or NAMES.get(_base(letter), ""))
    return " ".join(name for name in names if name)


def vietnamese_letters(word: str) -> str:
    """The word with letters Vietnamese does not have replaced by the nearest ones; "" when nothing is left."""
    return "".join(_vietnamese_letter(letter) for letter in word)


def _vietnamese_letter(letter: str) -> str:
    low = letter.lower()
    if low in VIETNAMESE:
        return letter
    near = _FOREIGN.get(low)
    if near is None:
        near = _nearest(low)
    return near.capitalize() if letter != low else near


def _nearest(low: str) -> str:
    parts = unicodedata.normalize("NFD", low)
    base = parts[0]
    if base not in VIETNAMESE:
        return _FOREIGN.get(base, "")
    remaining = [mark for mark in parts[1:] if mark in _TONES or base in _SHAPES.get(mark, "")]
    if base not in "aeiouy":
        remaining = []
    return unicodedata.normalize("NFC", base + "".join(remaining))


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]
