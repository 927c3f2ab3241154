"""Key facts said once more: telephone and account numbers, amounts and hours ("xin nhắc lại")."""

from collections.abc import Iterable, Iterator

from broadcaster.text.place import SENTENCE_ENDS, Piece

_NAMES = {"phone": "số điện thoại", "account": "số", "money": "số tiền", "time": "thời gian"}
_AMOUNT = frozenset(("nghìn", "ngàn", "triệu", "tỷ", "tỉ", "đồng"))
_LINKS = frozenset(("đến", "tới"))


def with_repeats(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same pieces, with the key facts of each sentence repeated in a sentence of their own after it."""
    sentence: list[Piece] = []
    for piece in pieces:
        if piece.kind == "break" or (piece.kind == "mark" and piece.words in SENTENCE_ENDS):
            yield from _repeat(sentence)
            sentence = []
        yield piece
        sentence.append(piece)
    yield from _repeat(sentence)


def _repeat(sentence: list[Piece]) -> Iterator[Piece]:
    facts = _facts(sentence)
    if not facts:
        return
    at = facts[0][0].start
    yield Piece(".", at, at, "mark")
    yield Piece("xin nhắc lại", at, at, "word")
    named = ""
    for fact in facts:
        name = _NAMES.get(fact[0].kind, "số tiền")
        yield Piece("," if named else ":", fact[0].start, fact[0].start, "mark")
        if name != named:
            yield Piece(name, fact[0].start, fact[0].start, "word")
        named = name
        yield from fact


def _facts(sentence: list[Piece]) -> list[list[Piece]]:
    facts: list[list[Piece]] = []
    at = 0
    while at < len(sentence):
        stop = _fact_end(sentence, at)
        if stop > at:
            facts.append(sentence[at:stop])
        at = max(stop, at + 1)
    return facts


def _fact_end(sentence: list[Piece], at: int) -> int:
    """One past the last piece of the fact that begins at ``at``; ``at`` itself when none begins there."""
    first = sentence[at]
    stop = at + 1
    if first.kind == "number":
        while stop < len(sentence) and sentence[stop].words in _AMOUNT:
            stop += 1
        return stop if sentence[stop - 1].words == "đồng" else at
    if first.kind not in _NAMES:
        return at
    linked = stop + 1 < len(sentence) and sentence[stop].words in _LINKS and sentence[stop + 1].kind == first.kind
    return stop + 2 if linked else stop
