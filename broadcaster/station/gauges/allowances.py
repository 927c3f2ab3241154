"""What two people allow beforehand: that one rule says one clip without anybody, and nothing else."""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotAllowed, NotFound
from broadcaster.station.announcements.steps import OVER, still_sealed
from broadcaster.station.audit import entries as audit
from broadcaster.station.gauges import rules
from broadcaster.station.nodes.languages import VIETNAMESE
from broadcaster.station.people.roles import may
from broadcaster.station.rows import changes
from broadcaster.station.schema import Announcement, GaugeAllowance, GaugeRuleRow, Person
from broadcaster.station.units.units import require_in, units_in
from broadcaster.station.vocabulary.gauges import GaugeAction

LASTS = timedelta(days=400)
"""Then two people look at it again."""


def ask(s: Session, *, rule: GaugeRuleRow, heard: str, by: Person, now_at: datetime) -> GaugeAllowance:
    """The first person's word; nothing is allowed yet. ``heard`` is the seal of what this one read and heard.

    Raises Invalid, Conflict or NotAllowed.
    """
    _require_may(s, rule, by)
    if any(each.seal == seal(rule) for each in listing(s, rule)):
        raise Conflict("gauge_rule.already_asked")
    _require_ready(rule, heard)
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
    _note(s, allowance, "asked", by=by, now_at=now_at)
    return allowance


def confirm(s: Session, *, allowance: GaugeAllowance, heard: str, by: Person, now_at: datetime) -> None:
    """The second person's word on the same. Raises Invalid, Conflict or NotAllowed."""
    _require_may(s, allowance.rule, by)
    if allowance.ended_at is not None or allowance.confirmed_at is not None:
        raise Conflict("gauge_rule.allowance_settled")
    if by.id == allowance.asked_by_id:
        raise NotAllowed("gauge_rule.own_allowance")
    _require_ready(allowance.rule, heard)
    if heard != allowance.seal:
        raise Conflict("gauge_rule.changed_since_heard")
    allowance.confirmed_by_id, allowance.confirmed_at = by.id, now_at
    allowance.expires_at = now_at + LASTS
    _note(s, allowance, "confirmed", by=by, now_at=now_at)


def end(s: Session, *, allowance: GaugeAllowance, by: Person, now_at: datetime) -> None:
    """One person is enough for less. Raises Conflict or NotAllowed."""
    zones = allowance.rule.announcement.zones if allowance.rule.announcement else []
    require_in(s, zones, by=by, permission="emergency")
    if allowance.ended_at is not None:
        raise Conflict("gauge_rule.allowance_settled")
    allowance.ended_by_id, allowance.ended_at = by.id, now_at
    _note(s, allowance, "ended", by=by, now_at=now_at)


def get(s: Session, allowance_id: str) -> GaugeAllowance:
    """Raises NotFound."""
    allowance = s.get(GaugeAllowance, allowance_id)
    if allowance is None:
        raise NotFound("gauge_rule.allowance_not_found")
    return allowance


def listing(s: Session, rule: GaugeRuleRow) -> list[GaugeAllowance]:
    """Those of a rule that nobody ended, asked or confirmed; also such as hold no more since something changed."""
    chosen = select(GaugeAllowance).where(GaugeAllowance.rule_id == rule.id, GaugeAllowance.ended_at.is_(None))
    return list(s.scalars(chosen.order_by(GaugeAllowance.asked_at, GaugeAllowance.id)))


def in_force(s: Session, rule: GaugeRuleRow, *, now_at: datetime) -> GaugeAllowance | None:
    """What lets this rule speak now: nothing was changed since, and both people may still approve."""
    words = rule.announcement
    if not _speaks(rule) or words is None or words.state in OVER or not still_sealed(words):
        return None
    if words.valid_until_at is not None and words.valid_until_at <= now_at:
        return None
    current = seal(rule)
    for each in listing(s, rule):
        people = (each.asked_by, each.confirmed_by)
        holds = each.confirmed_at is not None and each.seal == current and now_at < each.expires_at
        if holds and all(person and _may(s, rule, person) for person in people):
            return each
    return None


def settle(s: Session, *, now_at: datetime) -> None:
    """What holds no more ends for good: changing a text back allows nothing."""
    for each in void(s, now_at=now_at):
        each.ended_at = now_at
        _note(s, each, "voided", by=None, now_at=now_at)


def void(s: Session, *, now_at: datetime) -> list[GaugeAllowance]:
    """Those that nobody ended and that hold no more, asked or confirmed."""
    chosen = select(GaugeAllowance).where(GaugeAllowance.ended_at.is_(None)).order_by(GaugeAllowance.id)
    return [each for each in s.scalars(chosen) if not _stands(s, each, now_at)]


def _stands(s: Session, each: GaugeAllowance, now_at: datetime) -> bool:
    if each.confirmed_at is not None:
        return in_force(s, each.rule, now_at=now_at) is each
    return each.seal == seal(each.rule) and _speaks(each.rule)


def seal(rule: GaugeRuleRow) -> str:
    """Hash of when it speaks and of what it says, for real and as an exercise."""
    texts = [each.content_hash if each else None for each in (rule.announcement, rule.drill)]
    content = [msgspec.to_builtins(rules.judged(rule)), rule.does.value, *texts]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


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


def _require_may(s: Session, rule: GaugeRuleRow, by: Person) -> None:
    """Raises Conflict or NotAllowed: who wrote any part of it allows none of it."""
    words = rule.announcement
    if not _speaks(rule) or words is None:
        raise Conflict("gauge_rule.does_not_speak")
    require_in(s, words.zones, by=by, permission="approve")
    wrote = {words.created_by_id, words.updated_by_id, *words.authors, *rule.authors}
    if by.id in wrote:
        raise NotAllowed("gauge_rule.own_words")


def is_ready(rule: GaugeRuleRow) -> bool:
    """Whether the warning and its exercise can both be heard."""
    texts = (rule.announcement, rule.drill)
    return rules.drill_is_current(rule) and all(each is not None and still_sealed(each) for each in texts)


def _require_ready(rule: GaugeRuleRow, heard: str) -> None:
    """Raises Invalid or Conflict unless both texts can be heard and are what was heard."""
    if not rules.drill_is_current(rule):
        raise Conflict("gauge_rule.drill_old")
    if not is_ready(rule):
        raise Conflict("gauge_rule.no_clip")
    if not heard:
        raise Invalid("gauge_rule.seal_missing", field="seal")
    if heard != seal(rule):
        raise Conflict("gauge_rule.changed_since_heard")


def _speaks(rule: GaugeRuleRow) -> bool:
    return rule.does is GaugeAction.SPEAK and rule.closed_at is None and rule.gauge.closed_at is None


def _may(s: Session, rule: GaugeRuleRow, person: Person) -> bool:
    zones = rule.announcement.zones if rule.announcement else []
    return all(may(s, person, "approve", unit_id) for unit_id in units_in(s, zones))


def _note(s: Session, allowance: GaugeAllowance, action: str, *, by: Person | None, now_at: datetime) -> None:
    details = {"rule": allowance.rule_id, "seal": allowance.seal, "clip": allowance.clip_sha256}
    subject = f"gauge-allowance:{allowance.id}"
    audit.record(s, by=by, action=f"gauge_allowance.{action}", subject=subject, now_at=now_at, details=details)
    changes.bump(s, "agendas")
