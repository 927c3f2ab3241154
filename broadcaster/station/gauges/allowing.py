"""Two people allow beforehand that a rule says one clip by itself, having heard it; one of them ends it."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid
from broadcaster.station.gauges import rules
from broadcaster.station.gauges.allowance_steps import (
    GaugeAllowanceStep,
    GaugeSpeechStep,
    require_allowance_step,
    require_speech_step,
)
from broadcaster.station.gauges.allowances import note, seal
from broadcaster.station.nodes.languages import VIETNAMESE
from broadcaster.station.schema import Announcement, GaugeAllowance, GaugeRuleRow, Person

LASTS = timedelta(days=400)
"""Then two people look at it again."""


def ask(s: Session, *, rule: GaugeRuleRow, heard: str, by: Person, now_at: datetime) -> GaugeAllowance:
    """The first person's word; nothing is allowed yet. ``heard`` is the seal of what this one read and heard.

    Raises Invalid, Conflict or NotAllowed.
    """
    require_speech_step(s, GaugeSpeechStep.ALLOW, rule, by, now_at=now_at)
    _require_heard(rule, heard)
    assert rule.announcement is not None
    allowance = GaugeAllowance(
        id=secrets.token_hex(7),
        rule_id=rule.id,
        rule=rule,
        seal=heard,
        clip_sha256=rule.announcement.clip_sha256 or "",
        spoken=_frozen(rule, rule.announcement),
        asked_by_id=by.id,
        asked_at=now_at,
        expires_at=now_at + LASTS,
    )
    s.add(allowance)
    s.flush()
    s.refresh(allowance)
    note(s, allowance, "asked", by=by, now_at=now_at)
    return allowance


def confirm(s: Session, *, allowance: GaugeAllowance, heard: str, by: Person, now_at: datetime) -> None:
    """The second person's word on the same. Raises Invalid, Conflict or NotAllowed."""
    require_allowance_step(s, GaugeAllowanceStep.CONFIRM, allowance, by)
    _require_heard(allowance.rule, heard)
    allowance.confirmed_by_id, allowance.confirmed_at = by.id, now_at
    allowance.expires_at = now_at + LASTS
    note(s, allowance, "confirmed", by=by, now_at=now_at)


def end(s: Session, *, allowance: GaugeAllowance, by: Person, now_at: datetime) -> None:
    """One person is enough for less. Raises Conflict or NotAllowed."""
    require_allowance_step(s, GaugeAllowanceStep.END, allowance, by)
    allowance.ended_by_id, allowance.ended_at = by.id, now_at
    note(s, allowance, "ended", by=by, now_at=now_at)


def _require_heard(rule: GaugeRuleRow, heard: str) -> None:
    """Raises Invalid or Conflict unless this is what was heard."""
    if not heard:
        raise Invalid("gauge_rule.seal_missing", field="seal")
    if heard != seal(rule):
        raise Conflict("gauge_rule.changed_since_heard")


def _frozen(rule: GaugeRuleRow, words: Announcement) -> dict[str, Any]:
    """All that a broadcast by it is made of."""
    clips = {VIETNAMESE: words.clip_sha256} | {each.language: each.clip_sha256 for each in words.versions}
    return {
        "rule": msgspec.to_builtins(rules.judged(rule)),
        "announcement": words.id,
        "title": words.title,
        "script": words.script or "",
        "text": words.text,
        "content_hash": words.content_hash,
        "board_text": words.board_text,
        "clips": {language: sha256 for language, sha256 in clips.items() if sha256},
        "zones": [zone.id for zone in words.zones],
    }
