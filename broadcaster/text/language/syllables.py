"""What a Vietnamese syllable can be, by onset, rhyme and tone; and unmarked words cut into syllables."""

import unicodedata
from functools import lru_cache

from broadcaster.text.language.lexicon import words

_TONES = {"\u0300": "huyền", "\u0301": "sắc", "\u0303": "ngã", "\u0309": "hỏi", "\u0323": "nặng"}
_LETTERS = frozenset("bcdđghklmnpqrstvx") | {
    unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in ("", *_TONES)
}
_ONSETS = tuple(sorted(words("onsets", file="syllables"), key=len, reverse=True))
_RHYMES = words("rhymes", file="syllables")
_QU_RHYMES = words("rhymes after qu", file="syllables")
_FRONT = frozenset("eêiy")
_STOPS = ("c", "ch", "p", "t")


def split_tone(word: str) -> tuple[str, str]:
    """The word without its tone mark, and the tone's name ("" when level or when there are two)."""
    plain, tones = [], []
    for letter in unicodedata.normalize("NFD", word):
        tone = _TONES.get(letter)
        if tone:
            tones.append(tone)
        else:
            plain.append(letter)
    base = unicodedata.normalize("NFC", "".join(plain))
    return base, tones[0] if len(tones) == 1 else ("" if not tones else "?")


def bare(word: str) -> str:
    """The word with every mark removed: "đường" becomes "duong"."""
    letters = unicodedata.normalize("NFD", word.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether a lower-case word is written like a Vietnamese syllable."""
    if not _LETTERS.issuperset(word):
        return False
    base, tone = split_tone(word)
    if tone == "?" or not base or len(base) > 7:
        return False
    return any(_fits(base, onset, tone) for onset in ("", *_ONSETS) if base.startswith(onset))


def _fits(base: str, onset: str, tone: str) -> bool:
    rhyme = base[len(onset) :]
    if onset == "gi" and not rhyme:
        return True
    rhymes = _QU_RHYMES if onset == "qu" else _RHYMES
    if rhyme not in rhymes and not (onset == "gi" and "i" + rhyme in _RHYMES):
        return False
    if onset in ("gh", "ngh") and rhyme[0] not in _FRONT:
        return False
    if onset in ("c", "g", "ng") and rhyme[0] in _FRONT and base not in ("gin", "ging"):
        return False
    return tone in ("sắc", "nặng") or not rhyme.endswith(_STOPS)


_BARE_RHYMES = frozenset(bare(rhyme) for rhyme in _RHYMES)
_COMMON = words("common unmarked", file="syllables")
_BARE_QU_RHYMES = frozenset(bare(rhyme) for rhyme in _QU_RHYMES)


@lru_cache(maxsize=20_000)
def is_bare_syllable(word: str) -> bool:
    """Whether an ASCII word can be a syllable that lost its marks ("hiem", "nuoc")."""
    for onset in ("", *_ONSETS):
        rhyme = word[len(onset) :]
        if word.startswith(onset) and onset != "đ" and rhyme in (_BARE_QU_RHYMES if onset == "qu" else _BARE_RHYMES):
            return True
    return word == "gi"


def cut_bare(word: str) -> list[str] | None:
    """Cut an ASCII word into as few unmarked syllables as possible, or None: "thoitiet" -> thoi, tiet.

    Among equals, common syllables win ("cu tri", not "cut ri"), then fewer that begin with a vowel ("tra cuu", not
    "trac uu"), then the longer beginning.
    """
    best: list[tuple[int, int, int, list[str]] | None] = [(0, 0, 0, [])] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 6), end):
            head = best[start]
            part = word[start:end]
            if head is None or not is_bare_syllable(part):
                continue
            rival = best[end]
            cost = (head[0] + 1, head[1] + (part not in _COMMON), head[2] + (part[0] in "aeiouy"))
            if rival is None or cost <= rival[:3]:
                best[end] = (*cost, [*head[3], part])
    found = best[-1]
    return found[3] if found else None
