"""Every field of an announcement says what it is used for, and what follows from that does follow."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from broadcaster.payments.levy import Levy
from broadcaster.station.announcements import announcements, approvals, differences
from broadcaster.station.clips.content import content_hash
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Announcement, Broadcast
from broadcaster.station.schema.announcement_fields import NAMES, AnnouncementFields, Use, fields_of, used
from broadcaster.station.vocabulary.wishes import Wish, WishKind
from tests.rig.commune import NOW, Commune, render, write
from tests.rig.setups.remembered import remembered
from web.announcements import bodies
from web.shell.words import FACT

OTHER: dict[str, Any] = {
    "title": "Tên khác",
    "text": "Nội dung khác hẳn.",
    "broadcast_class": "priority",
    "voice": "espeak",
    "rate_percent": 80,
    "repeats": 3,
    "repeat_key_facts": True,
    "valid_until_at": NOW + timedelta(days=3),
    "recording_sha256": "f" * 64,
    "recording_name": "ghi am.mp3",
    "levy": Levy(bank_bin="970405", account="1200205012345", holder="UBND XA CON MINH", amount_vnd=50_000),
    "origin": "province",
    "document_number": "12/TB-UBND",
    "board_text": "HỌP 19H30",
    "class_reason": "Xã đã phát hôm qua",
    "drill": True,
    "phrase": "storm",
    "wish": Wish(kind=WishKind.NOW),
}


@remembered
def returned(database: Database, commune: Commune) -> Announcement:
    announcement = write(database, commune.officer)
    render(database)
    with database.session() as s:
        approvals.submit(s, announcement=announcement, by=commune.officer, now_at=NOW)
    with database.session() as s:
        approvals.send_back(s, announcement=announcement, by=commune.approver, now_at=NOW, comment="Sửa lại.")
    return announcement


def put(announcement: Announcement, name: str) -> None:
    """Another value in the field, whatever would refuse it elsewhere."""
    if name == "zones":
        announcement.zones = announcement.zones[:-1]
    else:
        setattr(announcement, name, OTHER[name])


@pytest.mark.parametrize("name", NAMES)
def test_changing_a_field_shows_in_the_difference(database: Database, commune: Commune, name: str) -> None:
    announcement = returned(database, commune)
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        put(current, name)
        found = differences.since_last_decision(s, current)
        s.rollback()
    assert found is not None
    assert not found.nothing
    assert name == "text" or len(found.facts) == 1


@pytest.mark.parametrize("name", used(Use.SEALED))
def test_changing_a_sealed_field_breaks_the_seal(database: Database, commune: Commune, name: str) -> None:
    announcement = returned(database, commune)
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        before = content_hash(current)
        put(current, name)
        assert content_hash(current) != before
        s.rollback()


def test_a_changed_voice_speed_and_repeats_are_told_to_the_approver(database: Database, commune: Commune) -> None:
    announcement = returned(database, commune)
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        written = replace(fields_of(current), voice="espeak", rate_percent=80, repeats=2)
        announcements.edit(s, current, written, revision=current.revision, by=commune.officer, now_at=NOW)
    render(database)
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        approvals.submit(s, announcement=current, by=commune.officer, now_at=NOW)
        found = differences.since_last_decision(s, current)
    assert found is not None
    assert set(found.facts) == {"voice", "rate_percent", "repeats"}


def test_every_field_has_a_column_and_what_is_frozen_has_one_in_the_broadcast() -> None:
    assert set(NAMES) - {"zones"} <= set(Announcement.__table__.columns.keys())
    assert set(used(Use.FROZEN)) <= set(Broadcast.__table__.columns.keys())


def test_every_field_sounds_or_is_sealed_or_is_only_text_beside_the_sound() -> None:
    beside = {"title", "recording_name", "origin", "document_number", "class_reason", "phrase"}
    assert set(NAMES) == {*used(Use.SOUNDS), *used(Use.SEALED), *beside}


def test_programs_are_told_and_may_send_what_is_told() -> None:
    stated = set(used(Use.ANSWERED)) - {"wish"}  # sent with the request for approval
    assert stated <= set(bodies.Announcement.__struct_fields__)
    assert stated - {"phrase", "class_reason"} <= set(bodies.NewAnnouncement.__struct_fields__)
    assert stated - set(used(Use.FIXED)) <= set(bodies.EditedAnnouncement.__struct_fields__)
    assert {each.name for each in msgspec.structs.fields(bodies.EditedAnnouncement)} <= {*NAMES, "revision"}


def test_every_compared_field_has_a_word_on_the_screen() -> None:
    names = {each.metadata["called"] or each.name for each in fields(AnnouncementFields)} - {"text"}
    assert {*names, "versions"} == set(FACT)
