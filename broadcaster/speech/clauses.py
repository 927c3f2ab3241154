"""Cuts a sentence into pieces an engine can take, at the places where a speaker would breathe."""

import re

_BREATHS = re.compile(r"(?<=[,;:.!?])\s+")


def packed_clauses(sentence: str, *, limit: int) -> list[str]:
    """Pieces of at most ``limit`` characters that together are ``sentence``, as few as whole clauses allow.

    A clause that is longer by itself is cut between words; a longer word, which no language has, is cut anywhere.
    """
    clauses = [piece for clause in _BREATHS.split(sentence.strip()) for piece in _cut(clause, limit)]
    return _packed(clauses, limit)


def _cut(clause: str, limit: int) -> list[str]:
    if len(clause) <= limit:
        return [clause]
    words = [word[start : start + limit] for word in clause.split() for start in range(0, len(word), limit)]
    return _packed(words, limit)


def _packed(pieces: list[str], limit: int) -> list[str]:
    packed: list[str] = []
    for piece in filter(None, pieces):
        if packed and len(packed[-1]) + 1 + len(piece) <= limit:
            packed[-1] += " " + piece
        else:
            packed.append(piece)
    return packed
