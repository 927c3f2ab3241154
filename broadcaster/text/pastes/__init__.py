"""Pastes: old fonts, wrong codes, fancy letters, keys and broken lines made readable, told and undone. Pure."""

from broadcaster.text.pastes.lines import joining_of
from broadcaster.text.pastes.repairing import CERTAIN, KINDS, repair
from broadcaster.text.pastes.tables import sentence_for
from broadcaster.text.pastes.values import DamagedPlace, PasteDamage, Repaired, Traced

__all__ = [
    "CERTAIN",
    "KINDS",
    "DamagedPlace",
    "PasteDamage",
    "Repaired",
    "Traced",
    "joining_of",
    "repair",
    "sentence_for",
]
