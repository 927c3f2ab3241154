"""Words no Vietnamese voice can say, cut into syllables it can: Kpam is "cờ pam", Hring is "hơ ring", Byă is "by a"."""

import unicodedata

from broadcaster.text.language.syllables import is_syllable, split_tone

LONGEST = 40
"""Letters; a longer run of them is no word."""
_VOWELS = frozenset("aăâeêioôơuưy")
_HARD = frozenset("bckgtpđq")
_STOPS = ("c", "ch", "p", "t")
_BACK = frozenset("aăâoôơuư")
_FRONT = frozenset("eêiy")
_LONE = {"ă": "a", "â": "ơ", "e": "ê"}
"""A vowel by itself; "e" would be taken for "em" by whoever reads the script again."""
_WHOLE, _DROPPED, _ALONE = 10, 25, 22
"""What it costs to say a syllable, to leave a letter out at the end of one, to say a consonant by itself."""


def respelled(word: str) -> str:
    """A lower-case word in Vietnamese letters as syllables; "" when it has no vowel or is no word at all."""
    if len(word) > LONGEST or not any(_is_vowel(letter) for letter in word):
        return ""
    best: list[tuple[int, list[str]] | None] = [(0, []), *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 7), end):
            head, part = best[start], _part(word, start, end)
            if head is None or part is None:
                continue
            cost = head[0] + part[0]
            rival = best[end]
            if rival is None or cost < rival[0]:
                best[end] = (cost, [*head[1], *part[1]])
    found = best[-1]
    return " ".join(found[1]) if found else ""


def _part(word: str, start: int, end: int) -> tuple[int, list[str]] | None:
    """What the letters of a stretch are said as and what that costs, or None."""
    stretch = word[start:end]
    if len(stretch) == 1 and not _is_vowel(stretch):
        # A consonant in front of another one is heard; one behind a vowel or at the end is not.
        heard = (start == 0 or not _is_vowel(word[start - 1])) and any(map(_is_vowel, word[end:]))
        return (_ALONE, [alone(stretch)]) if heard else (_DROPPED, [])
    said = _LONE.get(stretch) or _syllable(stretch)
    # The longer syllable wins, and the one that begins with a consonant.
    return (_WHOLE + _is_vowel(stretch[0]), [said]) if said else None


def alone(consonant: str) -> str:
    """A consonant with nothing behind it: k is "cờ", h is "hơ"."""
    return {"k": "c", "q": "c"}.get(consonant, consonant) + ("ờ" if consonant in _HARD else "ơ")


def _syllable(stretch: str) -> str:
    if is_syllable(stretch) and not (stretch[0] == "k" and stretch[1:2] in _BACK):
        return stretch
    near = stretch[:-1] + "c" if stretch.endswith("k") else stretch
    near = near[:-1] + "h" if near.endswith("ing") else near
    if near.startswith("ng") and split_tone(near[2:3])[0] in _FRONT:
        near = "ngh" + near[2:]
    elif near.startswith("ngh") and split_tone(near[3:4])[0] in _BACK:
        near = "ng" + near[3:]
    elif near[0] == "g" and near[1:2] in "eêi":
        near = "gh" + near[1:]
    elif near[0] == "k" and near[1:2] != "h":
        near = "c" + near[1:]
    elif near[0] == "c" and near[1:2] in "eêiy":
        near = "x" + near[1:]
    for candidate in (near, _raised(near) if near.endswith(_STOPS) else near):
        if is_syllable(candidate):
            return candidate
    return ""


def _raised(syllable: str) -> str:
    """The syllable in the rising tone, which a syllable that ends in a stop needs: đăc is said "đắc"."""
    if split_tone(syllable)[1]:
        return syllable
    last = max((at for at, letter in enumerate(syllable) if _is_vowel(letter)), default=-1)
    if last < 0:
        return syllable
    return unicodedata.normalize("NFC", syllable[: last + 1] + "\u0301" + syllable[last + 1 :])


def _is_vowel(letter: str) -> bool:
    return split_tone(letter)[0] in _VOWELS
