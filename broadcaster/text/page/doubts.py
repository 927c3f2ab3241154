"""Why a reading is doubtful, as codes with facts, and how a sentence that lost its marks is recognised."""

import re
from collections.abc import Iterable, Iterator

from broadcaster.refusals.reasons import Reason
from broadcaster.text.language.lexicon import words
from broadcaster.text.language.marked_rows import FEWEST, lost_all_marks
from broadcaster.text.language.syllables import is_bare_syllable, is_syllable
from broadcaster.text.page.script import Doubt, Sentence, Span

LOW_CONFIDENCE = "low_confidence"
UNKNOWN_ACRONYM = "unknown_acronym"
MISSING_MARKS = "missing_marks"
MISSING_LETTERS = "missing_letters"
UNREADABLE = "unreadable"

_CODES = {
    LOW_CONFIDENCE: "doubt.low_confidence",
    UNKNOWN_ACRONYM: "doubt.unknown_acronym",
    MISSING_MARKS: "doubt.missing_marks",
    MISSING_LETTERS: "doubt.missing_letters",
    UNREADABLE: "doubt.unreadable",
}
_SHOWN = 60
"""Characters of a doubtful stretch that a reason quotes."""
_NEVER_UNMARKED = words("never_unmarked")
_CLAUSE = re.compile(r"[^;:,()\n\t]+")
_SPACES = r"\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_BARE_CLAUSE = re.compile(
    rf"(?:^|[;:,()\n\t])[\x00-\x08\x0b-'*+\--9<-\x7f{_SPACES}]{{{2 * FEWEST - 1},}}(?:$|[;:,()\n\t])"
)
"""A clause that can have enough words and has none but bare ones; most sentences hold no such clause."""
_WORD = re.compile(r"[A-Za-z]+")


def reason(kind: str, written: str) -> Reason:
    """What is doubtful by its kind, and what to do."""
    return Reason(_CODES[kind], written=_shown(written))


def two_ways(written: str, said: str) -> Reason:
    """A date that could be a share of something."""
    return Reason("doubt.date_or_share", written=written, said=said)


def shouted(written: str) -> Reason:
    """A short word in capitals among small letters, which may be an acronym."""
    return Reason("doubt.capitals", written=written)


def typed_without_marks(written: str, suggestion: str) -> Reason:
    """Which marks were probably meant."""
    return Reason("doubt.marks_suggested", written=_shown(written), suggestion=suggestion)


def left_out(written: str) -> Reason:
    """What is written for readers and not for listeners."""
    return Reason("doubt.for_readers", written=written)


def guessed(written: str, said: str) -> Reason:
    """An abbreviation that can mean several things."""
    return Reason("doubt.several_meanings", written=written, said=said)


def broken(written: str, said: str) -> Reason:
    """A word that was put together again."""
    return Reason("doubt.word_torn", written=written, said=said)


def _shown(written: str) -> str:
    return written if len(written) <= _SHOWN else written[:_SHOWN] + "…"


def lost_its_mark(word: str) -> bool:
    """Whether a lower-case word is a Vietnamese one without its mark: "duoc", "hop"."""
    return word.isascii() and (word in _NEVER_UNMARKED or (is_bare_syllable(word) and not is_syllable(word)))


def with_missing_marks(text: str, sentences: Iterable[Sentence], doubts: list[Doubt]) -> list[Doubt]:
    """The doubts of a text, with one for each sentence written without marks in place of those of its words."""
    unmarked = list(_unmarked(text, sentences))
    if not unmarked:
        return doubts
    covered = [(doubt.span.start, doubt.span.end) for doubt in unmarked]
    words_alone = (MISSING_MARKS, MISSING_LETTERS, LOW_CONFIDENCE)
    remaining = [
        doubt
        for doubt in doubts
        if doubt.kind not in words_alone or not any(start <= doubt.span.start < end for start, end in covered)
    ]
    return sorted([*remaining, *unmarked], key=lambda doubt: doubt.span.start)


def _unmarked(text: str, sentences: Iterable[Sentence]) -> Iterator[Doubt]:
    for sentence in sentences:
        written = text[sentence.source.start : sentence.source.end]
        if written.isascii():
            if _has_lost_marks(written):
                yield Doubt(sentence.source, written, sentence.text, MISSING_MARKS, reason(MISSING_MARKS, written))
            continue
        if not _BARE_CLAUSE.search(written):
            continue
        for clause in _CLAUSE.finditer(written):
            part = clause.group().strip()
            if part.isascii() and lost_all_marks([word.lower() for word in _WORD.findall(part)]):
                start = sentence.source.start + written.index(part, clause.start())
                yield Doubt(Span(start, start + len(part)), part, part, MISSING_MARKS, reason(MISSING_MARKS, part))


def _has_lost_marks(written: str) -> bool:
    found = [word.lower() for word in _WORD.findall(written)]
    syllables = sum(map(is_bare_syllable, found))
    if len(found) < 4 or syllables * 10 < len(found) * 7:
        return False
    return any(map(lost_its_mark, found)) or lost_all_marks(found)
