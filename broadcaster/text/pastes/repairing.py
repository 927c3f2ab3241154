"""Repair a paste: each kind of damage in turn, letters first, so that nothing is dropped before it was understood."""

import re
from collections.abc import Callable, Collection

from broadcaster.text.pastes.codes import entity_edits, escape_edits, mojibake_edits
from broadcaster.text.pastes.fancy import fancy_edits
from broadcaster.text.pastes.lines import line_edits
from broadcaster.text.pastes.old_fonts import font_edits
from broadcaster.text.pastes.unconverted_keys import telex_edits, viqr_edits, vni_key_edits
from broadcaster.text.pastes.values import DamagedPlace, Edit, PasteDamage, Repaired, Traced

_MOST_TURNS = 3
_LOST = re.compile("(?<=[A-Za-zÀ-ỹ])\\?(?=[a-zà-ỹ])|\ufffd")
_FEWEST_LOST = 3

_STEPS: tuple[tuple[str, Callable[[str], list[Edit]]], ...] = (
    ("entities", entity_edits),
    ("escapes", escape_edits),
    ("mojibake", mojibake_edits),
    ("lookalikes", fancy_edits),
    ("tcvn3", lambda text: font_edits(text, "tcvn3")),
    ("vni", lambda text: font_edits(text, "vni")),
    ("viqr", viqr_edits),
    ("telex", telex_edits),
    ("vnikeys", vni_key_edits),
    ("lines", line_edits),
)
KINDS = (*(kind for kind, _ in _STEPS), "lost")
"""Every kind of damage, in the order of repair; ``lost`` is only told."""
CERTAIN = ("entities", "escapes", "mojibake", "lookalikes", "tcvn3", "vni", "lines")
"""Kinds that no ordinary text looks like; the reading itself repairs them when nobody did before."""


def repair(text: str, *, leave: Collection[str] = ()) -> Repaired:
    """Find and repair damage. ``leave`` names kinds that a person wants left as they are (undo).

    An ordinary text comes back unchanged with no finding.
    """
    traced = Traced.of(text)
    findings: list[PasteDamage] = []
    for kind, find in _STEPS:
        if kind in leave:
            continue
        places: list[DamagedPlace] = []
        for _ in range(_MOST_TURNS if kind in ("entities", "mojibake") else 1):
            edits = find(traced.text)
            if not edits:
                break
            places += [_place(text, traced, edit) for edit in edits]
            traced = traced.edited(edits)
        if places:
            findings.append(PasteDamage(kind, tuple(sorted(places, key=lambda place: place.start))))
    lost = _lost(traced) if "lost" not in leave else None
    return Repaired(text, traced, (*findings, *([lost] if lost else [])))


def _place(original: str, traced: Traced, edit: Edit) -> DamagedPlace:
    start, end = traced.origin(edit.start, edit.end)
    return DamagedPlace(start, end, original[start:end], edit.now)


def _lost(traced: Traced) -> PasteDamage | None:
    """Letters that became "?": nobody can bring them back, but somebody can copy the text again."""
    founds = list(_LOST.finditer(traced.text))
    if len(founds) < _FEWEST_LOST and "\ufffd" not in traced.text:
        return None
    spans = [traced.origin(found.start(), found.end()) for found in founds]
    return PasteDamage("lost", tuple(DamagedPlace(start, end, "?", "?") for start, end in spans))
