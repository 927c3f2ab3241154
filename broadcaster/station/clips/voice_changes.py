"""Choosing the voices of the commune: an administrator's act, in the audit trail, that renders drafts alone anew."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.speech import AUTO
from broadcaster.station.audit import entries as audit
from broadcaster.station.clips import jobs, voice_choices, voices
from broadcaster.station.clips.voice_choices import VoiceChoices
from broadcaster.station.people.roles import require
from broadcaster.station.rows import settings, voice_states
from broadcaster.station.rows.voice_states import KnownVoice, KnownVoices
from broadcaster.station.schema import Announcement, Person, Unit
from broadcaster.station.vocabulary.states import AnnouncementState

DRAFTS = (AnnouncementState.DRAFT, AnnouncementState.RETURNED)


def choose(s: Session, *, chosen: VoiceChoices, by: Person, now_at: datetime) -> int:
    """Choose anew; how many drafts are rendered anew for it. What was sent for approval stays as it was heard.

    Raises Invalid by the field, or NotAllowed for anybody but an administrator.
    """
    require(s, by, "manage_people", None)
    before = voice_choices.read(s)
    after = _checked(s, chosen)
    if after == before:
        return 0
    settings.write(s, voice_choices.KEY, asdict(after))
    was, now = asdict(before), asdict(after)
    details = {name: [was[name], now[name]] for name in now if was[name] != now[name]}
    audit.record(s, by=by, action="voices.chosen", subject="settings:voices", now_at=now_at, details=details)
    return _render_drafts(s, before, after, now_at=now_at)


def in_use(s: Session) -> set[str]:
    """Voices that the next clip may be asked of: the commune's choices, and what drafts ask for."""
    choices = voice_choices.read(s)
    drafts = select(Announcement.voice).where(
        Announcement.state.in_(DRAFTS), Announcement.recording_sha256.is_(None), Announcement.voice != AUTO
    )
    return {choices.routine, choices.priority, choices.emergency, *choices.hamlets.values(), *s.scalars(drafts)}


def gone(s: Session) -> Iterator[KnownVoice]:
    """Voices in use that cannot speak, or are no longer there, as far as the station said what there is."""
    state = voice_states.read(s)
    if not state.voices:
        return
    for written in sorted(in_use(s)):
        engine, name, _region = voices.parts(written)
        if not name:
            continue
        known = _known(state, engine, name)
        if known is None:
            yield KnownVoice(written=written, engine=engine, name=name, region="")
        elif known.trouble is not None:
            yield known


def _known(state: KnownVoices, engine: str, name: str) -> KnownVoice | None:
    """A pack may be asked for without its speaker."""
    full = f"{engine}:{name}"
    return next((each for each in state.voices if each.written == full or each.written.startswith(f"{full}/")), None)


def _checked(s: Session, chosen: VoiceChoices) -> VoiceChoices:
    for name in ("routine", "priority", "emergency"):
        voices.check(getattr(chosen, name), field=name)
    if voices.needs_internet(chosen.emergency):
        raise Invalid("voice.alarm_needs_offline", field="emergency")
    hamlets = {unit: written for unit, written in sorted(chosen.hamlets.items()) if written and written != AUTO}
    known = set(s.scalars(select(Unit.id).where(Unit.id.in_(hamlets))))
    for unit, written in hamlets.items():
        if unit not in known:
            raise Invalid("unit.not_found", field=f"hamlets.{unit}", unit=unit[:48])
        voices.check(written, field=f"hamlets.{unit}")
    return VoiceChoices(routine=chosen.routine, priority=chosen.priority, emergency=chosen.emergency, hamlets=hamlets)


def _render_drafts(s: Session, before: VoiceChoices, after: VoiceChoices, *, now_at: datetime) -> int:
    mine = select(Announcement).where(
        Announcement.state.in_(DRAFTS), Announcement.voice == AUTO, Announcement.recording_sha256.is_(None)
    )
    count = 0
    for draft in s.scalars(mine.order_by(Announcement.id)).unique().all():
        if voice_choices.wanted(draft, before) != voice_choices.wanted(draft, after):
            jobs.queue(s, announcement=draft, now_at=now_at)
            count += 1
    return count
