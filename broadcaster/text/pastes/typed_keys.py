"""Keys of an input method that was switched off: Telex (``ddieenj``), VNI (``tho6n``), and VIQR (``tho^n``)."""

import re
import unicodedata
from functools import lru_cache

from broadcaster.text.language.syllables import is_syllable

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
TELEX_TONES = {"f": _GRAVE, "s": _ACUTE, "x": _TILDE, "r": _HOOK, "j": _DOT}
VNI_TONES = {"2": _GRAVE, "1": _ACUTE, "4": _TILDE, "3": _HOOK, "5": _DOT}
VIQR_TONES = {"`": _GRAVE, "'": _ACUTE, "~": _TILDE, "?": _HOOK, ".": _DOT}
_SHAPES = {"â": "aa", "ê": "ee", "ô": "oo"}
_VOWELS = "aăâeêioôơuưy"
_NUCLEUS = re.compile(rf"(?:(?<=^q)u|(?<=^g)i(?=[{_VOWELS}]))?([{_VOWELS}]+)")


@lru_cache(maxsize=20_000)
def from_telex(word: str) -> str:
    """The syllable that the keys of a lower-case word would have made, or "" when they make none."""
    letters, tone = _take_tone(word, TELEX_TONES)
    for shaped, keys in _SHAPES.items():
        letters = letters.replace(keys, shaped)
    letters = letters.replace("dd", "đ", 1)
    if "w" in letters:
        letters = _with_horn(letters.replace("w", "", 1), letters.index("w")) if letters.count("w") < 3 else ""
    return _syllable(letters, tone)


@lru_cache(maxsize=20_000)
def from_vni_keys(word: str) -> str:
    """The syllable that VNI keys would have made: ``tho6ng`` is thông."""
    letters, tone = _take_tone(word, VNI_TONES)
    letters = re.sub(r"d(?=9)|d(?=\w+9$)", "đ", letters, count=1).replace("9", "", 1) if "9" in letters else letters
    for key, change in (("6", {"a": "â", "e": "ê", "o": "ô"}), ("8", {"a": "ă"}), ("7", {"o": "ơ", "u": "ư"})):
        while key in letters:
            at = letters.index(key)
            letters = _shaped(letters[:at] + letters[at + 1 :], at, change)
            if not letters:
                return ""
    return _syllable(letters, tone)


@lru_cache(maxsize=20_000)
def from_viqr(word: str) -> str:
    """The syllable that a VIQR word writes: ``ngu+o+`i`` is người."""
    shaped = re.sub(r"dd", "đ", word, count=1)
    for keys, letter in (
        ("a^", "â"),
        ("e^", "ê"),
        ("o^", "ô"),
        ("a(", "ă"),
        ("o+", "ơ"),
        ("u+", "ư"),
        ("o*", "ơ"),
        ("u*", "ư"),
    ):
        shaped = shaped.replace(keys, letter)
    tones = [mark for mark in shaped if mark in VIQR_TONES]
    letters = "".join(mark for mark in shaped if mark not in VIQR_TONES)
    return _syllable(letters, VIQR_TONES[tones[0]] if tones else "") if len(tones) <= 1 else ""


def _take_tone(word: str, keys: dict[str, str]) -> tuple[str, str]:
    """The word without its tone's key, which stands behind a vowel; and the tone."""
    for at in range(len(word) - 1, 0, -1):
        if word[at] in keys and any(letter in _PLAIN_VOWELS for letter in word[:at]):
            rest = word[at + 1 :]
            if not rest or re.fullmatch(r"(?:c|ch|m|n|ng|nh|p|t|i|o|u|y|a|e|w|\d)+", rest):
                return word[:at] + rest, keys[word[at]]
            break
    return word, ""


_PLAIN_VOWELS = frozenset(
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in _VOWELS
    for tone in ("", _GRAVE, _ACUTE, _TILDE, _HOOK, _DOT)
)


def _with_horn(letters: str, at: int) -> str:
    """The letters with the "w" that stood at ``at`` carried out: "uo" becomes "ươ", a becomes ă, o ơ, u ư."""
    if letters.count("w") == 1 and "uow" in letters + "w":
        letters = letters.replace("w", "", 1)
    pair = letters.rfind("uo", 0, at + 1)
    if pair >= 0:
        return letters[:pair] + "ươ" + letters[pair + 2 :]
    half = letters.rfind("ưo", 0, at + 1)
    if half >= 0:
        return letters[:half] + "ươ" + letters[half + 2 :]
    return _shaped(letters, at, {"a": "ă", "o": "ơ", "u": "ư"}) or letters[:at] + "ư" + letters[at:]


def _shaped(letters: str, at: int, change: dict[str, str]) -> str:
    for place in range(min(at, len(letters)) - 1, -1, -1):
        if letters[place] in change:
            changed = letters[:place] + change[letters[place]] + letters[place + 1 :]
            if (
                change[letters[place]] == "ơ"
                and place
                and changed[place - 1] == "u"
                and letters[place + 1 : place + 2].isalpha()
            ):
                changed = changed[: place - 1] + "ư" + changed[place:]
            return changed
    return ""


def _syllable(letters: str, tone: str) -> str:
    """The letters with the tone on the vowel that carries it, when that is a Vietnamese syllable."""
    if not letters.isalpha():
        return ""
    whole = _toned(letters, tone) if tone else letters
    return whole if whole and is_syllable(whole) else ""


def _toned(letters: str, tone: str) -> str:
    if any(unicodedata.normalize("NFD", letter)[1:] in _TONE_MARKS for letter in letters):
        return ""
    found = _NUCLEUS.search(letters)
    if found is None:
        return ""
    vowels, start = found[1], found.start(1)
    closed = found.end() < len(letters)
    at = start + _carrier(vowels, closed=closed)
    return letters[:at] + unicodedata.normalize("NFC", letters[at] + tone) + letters[at + 1 :]


_TONE_MARKS = frozenset((_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT))


def _carrier(vowels: str, *, closed: bool) -> int:
    """Which vowel carries the tone: the one with a shape, the last before a consonant, the middle of three."""
    shaped = [at for at, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if shaped:
        return shaped[-1]
    if closed or len(vowels) == 3:
        return min(len(vowels) - 1, 1 if len(vowels) == 3 else len(vowels) - 1)
    return 0
