"""Texts in the fonts before Unicode: TCVN3 (ABC, .VnTime) and VNI. A letter there stands for another, or for a mark."""

import re
from functools import cache

from broadcaster.text.language.syllables import is_syllable
from broadcaster.text.pastes.tables import pairs
from broadcaster.text.pastes.values import Edit

FONTS = ("tcvn3", "vni")
_ODD = re.compile(r"[\x80-\xff]")
_FOREIGN = {
    "tcvn3": re.compile(
        "[" + re.escape("".join(code for code in pairs("tcvn3") if code.lower() not in "àáâãèéêìíòóôõùúý")) + "\xad]"
    ),
    "vni": re.compile("[øûïåäëüñöæîØÛÏÅÄËÜÑÖÆÎ]|[aeouyôAEOUYÔ][àáâãèéêõùúÀÁÂÃÈÉÊÕÙÚ]"),
}
"""A line of the font has one of these; a line of Vietnamese hardly ever."""
_WORDS = {
    "tcvn3": re.compile(
        "[A-Za-z"
        + re.escape("".join(pairs("tcvn3")))
        + "\xad]+(?:-["
        + re.escape("".join(pairs("tcvn3")))
        + "]+[a-z]*)?"
    ),
    "vni": re.compile("[A-Za-z\xc0-\xff]+"),
}
_HORNED = re.compile("(?<!ư)([ơờớởỡợ])")
_LOST_HORN = {"ngời": "người", "dới": "dưới", "mời hai": "mười hai"}
_PART = re.compile(r"[:;.,!?()](?= |$)")
"""Ends a part of a line; one part may be in Unicode and the next in the font."""
_FEWEST = 2
_MARKED = re.compile("[\u0102-\u01b0\u1ea0-\u1ef9]")


def font_edits(text: str, font: str) -> list[Edit]:
    """The words of every line that is written in the font. Nothing unless the text as a whole speaks for it."""
    if not _FOREIGN[font].search(text):
        return []
    other = next(each for each in FONTS if each != font)
    first = FONTS.index(font) < FONTS.index(other)
    mine, theirs = _lines(text, font), _lines(text, other)
    total, rival = (sum(line.good for line in lines if line.speaks) for lines in (mine, theirs))
    stronger = (total, first) > (rival, not first)
    lines = [
        line
        for line, against in zip(mine, theirs, strict=True)
        if line.speaks and line.beats(against, stronger=stronger)
    ]
    return [edit for line in lines for edit in line.wanted()] if sum(line.good for line in lines) >= _FEWEST else []


class _Line:
    """How a line looks in a font: words that only it makes readable, words it would break, and the edits."""

    def __init__(self) -> None:
        self.good = self.against = self.neutral = 0
        self.edits: list[Edit] = []
        self._clauses: list[int] = []
        self._evident: set[int] = set()

    @property
    def speaks(self) -> bool:
        """Whether the line is in the font: it makes words readable there, and breaks hardly any."""
        return self.good + self.neutral > 0 and self.good >= 3 * self.against

    def beats(self, rival: "_Line", *, stronger: bool) -> bool:
        """Whether the line is rather in this font than in the rival one; ``stronger``: the text as a whole is."""
        theirs = rival.good if rival.speaks else 0
        return self.good > theirs or (self.good == theirs and stronger)

    def wanted(self) -> list[Edit]:
        """The edits, without those of a part in Unicode: two words and more, none of which the font alone explains."""
        typed = {clause for clause in self._clauses if clause not in self._evident and self._clauses.count(clause) > 1}
        return [edit for edit, clause in zip(self.edits, self._clauses, strict=True) if clause not in typed]

    def add(self, word: str, edit: Edit, *, clause: int) -> None:
        """Count one word; ``clause`` is the number of its part of the line."""
        was, now = is_word(word), is_word(edit.now)
        self._clauses.append(clause)
        if now and not was:
            self.good += 1
        if not was:
            self._evident.add(clause)
        elif was and not now:
            self.against += 1
        else:
            self.neutral += now
        self.edits.append(edit)


def _lines(text: str, font: str) -> list[_Line]:
    lines, at = [], 0
    for written in text.split("\n"):
        line = _Line()
        words = _WORDS[font].finditer(written) if _FOREIGN[font].search(written) else ()
        for found in words:
            if _ODD.search(found.group()):
                edit = Edit(at + found.start(), at + found.end(), convert(found.group(), font))
                line.add(found.group(), edit, clause=len(_PART.findall(written, 0, found.start())))
        line.against += len(_MARKED.findall(written)) if line.edits else 0
        lines.append(line)
        at += len(written) + 1
    return lines


def is_word(word: str) -> bool:
    """Whether a word is written as a Vietnamese syllable."""
    return is_syllable(word.lower())


@cache
def convert(word: str, font: str) -> str:
    """One word of the font in Unicode; a word in capitals stays in capitals."""
    now = _tcvn3(word) if font == "tcvn3" else _vni(word)
    capitals = [letter for letter in word if "A" <= letter <= "Z"]
    small = [letter for letter in word if "a" <= letter <= "z"]
    return now.upper() if len(capitals) > 1 and not small else now


def _tcvn3(word: str) -> str:
    table = pairs("tcvn3")
    now = "".join(table.get(letter, letter) for letter in word.replace("\xad", "ư"))
    if "-" in now:
        # The code of "ư" is the soft hyphen, which many programs show or save as a hyphen.
        joined = now.replace("-", "ư")
        return joined if is_word(joined) else now
    if is_word(now) and now.lower() not in _LOST_HORN:
        return now
    # Other programs drop it: "Trêng" is "Trường".
    mended = _LOST_HORN.get(now.lower(), _HORNED.sub(r"ư\1", now, count=1))
    return mended if is_word(mended) and "\xad" not in word and mended != now.lower() else now


def _vni(word: str) -> str:
    table = pairs("vni")
    out, at = [], 0
    while at < len(word):
        two = word[at : at + 2]
        step = 2 if len(two) == 2 and two in table else 1
        out.append(table.get(word[at : at + step], word[at : at + step]))
        at += step
    return "".join(out)
