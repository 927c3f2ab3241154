"""Key facts said once more: telephone and account numbers, amounts and hours ("xin nhắc lại")."""

from collections.abc import Iterable, Iterator

from broadcaster.text.language.lexicon import readings_in, words
from broadcaster.text.page.cursor import SENTENCE_ENDS, SpokenPiece

_NAMES = readings_in("fact_name")
_AMOUNT = words("sum_word")
_TWO_SYLLABLES = words("rate_pair")
_LINKS = words("span_separator")


def with_repeats(pieces: Iterable[SpokenPiece]) -> Iterator[SpokenPiece]:
    """The same pieces, with the key facts of each sentence repeated in a sentence of their own after it."""
    sentence: list[SpokenPiece] = []
    for piece in pieces:
        if piece.kind == "break" or (piece.kind == "mark" and piece.words in SENTENCE_ENDS):
            yield from _repeat(sentence)
            sentence = []
        yield piece
        sentence.append(piece)
    yield from _repeat(sentence)


def _repeat(sentence: list[SpokenPiece]) -> Iterator[SpokenPiece]:
    facts = _facts(sentence)
    if not facts:
        return
    at = facts[0][0].start
    yield SpokenPiece(".", at, at, "mark")
    yield SpokenPiece("xin nhắc lại", at, at, "word")
    named = ""
    for fact in facts:
        name = _NAMES.get(fact[0].kind, _NAMES["money"])
        yield SpokenPiece("," if named else ":", fact[0].start, fact[0].start, "mark")
        if name != named:
            yield SpokenPiece(name, fact[0].start, fact[0].start, "word")
        named = name
        yield from fact


def _facts(sentence: list[SpokenPiece]) -> list[list[SpokenPiece]]:
    facts: list[list[SpokenPiece]] = []
    at = 0
    while at < len(sentence):
        stop = _fact_end(sentence, at)
        if stop > at:
            facts.append(sentence[at:stop])
        at = max(stop, at + 1)
    return facts


def _fact_end(sentence: list[SpokenPiece], at: int) -> int:
    """One past the last piece of the fact that begins at ``at``; ``at`` itself when none begins there."""
    kind = sentence[at].kind
    if kind in ("phone", "account"):
        return at + 1
    if kind == "time":
        return _past_link(sentence, at + 1, ("time",))
    stop = _past_amount(sentence, at)
    if stop > at:
        stop = _past_amount(sentence, _past_link(sentence, stop, ("number", "money")) - 1)
    return _past_rates(sentence, stop) if _is_amount(sentence[at:stop]) else at


def _past_link(sentence: list[SpokenPiece], at: int, kinds: tuple[str, ...]) -> int:
    """Behind "đến" and what it leads to, when that is of the right kind; otherwise ``at``."""
    linked = at + 1 < len(sentence) and sentence[at].words in _LINKS and sentence[at + 1].kind in kinds
    return at + 2 if linked else at


def _past_amount(sentence: list[SpokenPiece], at: int) -> int:
    if sentence[at].kind not in ("number", "money") and sentence[at].words not in _AMOUNT:
        return at
    at += 1
    while at < len(sentence) and sentence[at].words in _AMOUNT:
        at += 1
    return at


def _is_amount(pieces: list[SpokenPiece]) -> bool:
    return bool(pieces) and (pieces[-1].kind == "money" or pieces[-1].words == "đồng")


def _past_rates(sentence: list[SpokenPiece], at: int) -> int:
    """Behind "một khẩu một tháng", "một lao động", "một sào"."""
    while at < len(sentence) and sentence[at].kind == "rate":
        named = sentence[at].words in ("một", "")
        at += 1
        if named and at < len(sentence) and sentence[at].kind == "number":
            at += 1
        if named and at < len(sentence):
            pair = " ".join(piece.words.lower() for piece in sentence[at : at + 2])
            at += 2 if pair in _TWO_SYLLABLES else 1
    return min(at, len(sentence))
