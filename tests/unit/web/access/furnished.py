"""A commune in which every route has something to name: in two hamlets, and in the commune as a whole."""

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.alerts import allowing, sources
from broadcaster.station.announcements import announcements, approvals, recordings, versions
from broadcaster.station.announcements.patterns import patterns
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.clips import dictionary, tunes
from broadcaster.station.clips.content import content_hash
from broadcaster.station.emergencies import orders
from broadcaster.station.emergencies.orders import EmergencyRequest
from broadcaster.station.feedback import sending
from broadcaster.station.matters import matters
from broadcaster.station.matters.findings import MatterFinding
from broadcaster.station.nodes import nodes
from broadcaster.station.people import invitations, people
from broadcaster.station.programmes import slots
from broadcaster.station.relays import choosing
from broadcaster.station.relays import sources as sources_of_relays
from broadcaster.station.relays.choosing import RelayChoice
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Announcement, LiveSessionRow, Matter, Person, Slot
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.vocabulary.states import LiveKind, LiveState, Role
from tests.rig.alerts.warnings import Signer
from tests.unit.web.access.exchange_things import exchange_things
from tests.unit.web.access.furnished_gauges import furnish_gauges
from tests.unit.web.access.release_scenes import furnish_release
from tests.unit.web.commune import MORNING, PASSWORD, Commune

HAMLET, OTHER, WHOLE = "lung-pang", "lung-vai", "con-minh"
SLOT_TIME = "17:00"


@dataclass
class Things:
    """of: per unit, what a variable of an address or a body is filled with; anywhere: what belongs to no unit."""

    of: dict[str, dict[str, str]] = field(default_factory=dict)
    anywhere: dict[str, str] = field(default_factory=dict)


def furnish(commune: Commune) -> Things:
    things = Things()
    with commune.database.session() as s:
        administrator = person(s, "quantri")
        nodes.add_node(s, name="Loa Xã", unit_id=WHOLE, by=None, now_at=MORNING)
        for role in Role:
            for place, unit_id in (("thon", HAMLET), ("xa", WHOLE)):
                _person(s, f"{role}-{place}", unit_id, role)
        for unit_id in (HAMLET, OTHER, WHOLE):
            _person(s, f"ai-{unit_id}", unit_id, Role.VIEWER)
        _, token = invitations.invite(
            s, username="moi", full_name="Người Mới", roles=[(WHOLE, "viewer")], by=administrator, now_at=MORNING
        )
        things.anywhere["token"] = token
    for hour, unit_id in enumerate((HAMLET, OTHER, WHOLE)):
        things.of[unit_id] = _of_unit(commune, unit_id, hour=hour)
    with commune.database.session() as s:
        officer = person(s, "canbo")
        made = patterns.add(
            s, title="Mẫu họp", text="Mời họp lúc {giờ}.", broadcast_class="routine", by=officer, now_at=MORNING
        )
        things.anywhere |= _music_and_relays(s, things, officer) | {"pattern_id": made.id}
        things.anywhere |= _alerts(s) | {"stop_order": stop_all.order(s, by=officer, reason="thử", now_at=MORNING).id}
    things.anywhere |= furnish_gauges(commune, WHOLE) | {
        **furnish_release(commune),
        "sha256": things.of[HAMLET]["sha256"],
        "position": "0",
        "kind": "svg",
        "month": "2026-11",
        "language": "hmn",
        "key": "draft-1",
        "at": "2026-11-24T17:00",
        "room": "shell",
        "name": "console.css",
        **dict.fromkeys(("token_id", "code", "channel_id", "sending_id", "notice_id", "pack_id", "ticket"), "nobodys"),
        "provider": "fpt",
    }
    return things


def _music_and_relays(s: Session, things: Things, officer: Person) -> dict[str, str]:
    """Music of the commune's own, a stream, and slots that relay it."""
    tune = tunes.add(s, kind="bed", name="Nhạc nền", recording_sha256="b" * 64, by=officer, now_at=MORNING)
    source = sources_of_relays.add(
        s, name="VOV1", written=["http://a.vn/vov1"], by=person(s, "quantri"), now_at=MORNING
    )
    choice = RelayChoice(source_ids=[source.id], minutes=10)
    for place in things.of.values():
        slot = slots.get(s, place["slot"])
        choosing.choose(s, slot=slot, choice=choice, times_a_month=1, by=officer, now_at=MORNING)
    return {"tune_id": tune.id, "relay_source_id": source.id}


def _alerts(s: Session) -> dict[str, str]:
    """A source of warnings with what one person asked to allow of it, and other levels."""
    source, _ = sources.add(s, name="Đài", certificate=Signer().pem, by=person(s, "quantri"), now_at=MORNING)
    asked = allowing.ask(s, source=source, drill=False, by=person(s, "chutich"), now_at=MORNING)
    others = exchange_things(s, person(s, "quantri"), person(s, "canbo"), person(s, "chutich"))
    return others | {"source_id": source.id, "allowance_id": asked.id}


def _of_unit(commune: Commune, unit_id: str, *, hour: int) -> dict[str, str]:
    draft = _written(commune, unit_id, "Bản nháp", "routine")
    pending = _written(commune, unit_id, "Chờ duyệt", "routine")
    released = _written(commune, unit_id, "Đã duyệt", "routine")
    alarm = _written(commune, unit_id, "Báo bão", "emergency")
    firsts = [_written(commune, unit_id, title, "priority") for title in ("Phòng lũ", "Phòng dịch")]
    commune.make_clips()
    found = {"draft": draft, "pending": pending, "released": released, "alarm": alarm, "unit": unit_id, "zone": unit_id}
    found["firsts"] = ",".join(firsts)
    with commune.database.session() as s:
        officer, chair = person(s, "canbo"), person(s, "chutich")
        for each in (pending, released, alarm, *firsts):
            approvals.submit(s, announcement=s.get_one(Announcement, each), by=officer, now_at=MORNING)
        for each in (released, alarm, *firsts):
            _approve(s, each, chair)
        for each in (draft, pending):
            _record(s, each, officer, commune)
    found |= _planned(commune, found, hour=hour)
    return found | _others(commune, found)


def _planned(commune: Commune, of: dict[str, str], *, hour: int) -> dict[str, str]:
    """Broadcasts to come, a slot with an item, and a slot in its way."""
    unit_id, released = of["unit"], of["released"]
    found: dict[str, str] = {}
    with commune.database.session() as s:
        officer = person(s, "canbo")
        found["sha256"] = s.get_one(Announcement, released).clip_sha256 or ""
        start_at = MORNING + timedelta(hours=2 + hour)
        found["broadcast"], *colliding = [
            broadcasts.broadcast_now(
                s, announcement=s.get_one(Announcement, one), by=officer, now_at=MORNING, start_at=start_at
            ).id
            for one in (released, *of["firsts"].split(","))
        ]
        found["colliding"] = ",".join(colliding)
        slot, other = (_slot(s, unit_id, at=at, by=officer) for at in (SLOT_TIME, "17:10"))
        item = slots.put(
            s,
            slot=slot,
            announcement=s.get_one(Announcement, released),
            first_on=MORNING.date(),
            by=officer,
            now_at=MORNING,
        )
        s.flush()
        return found | {"slot": slot.id, "other": other.id, "item": item.id}


def _others(commune: Commune, of: dict[str, str]) -> dict[str, str]:
    """An emergency order that waits, a node with a matter, a person, a reading."""
    unit_id = of["unit"]
    with commune.database.session() as s:
        officer, sounding = person(s, "canbo"), s.get_one(Announcement, of["alarm"])
        heard = sounding.content_hash or ""
        order = orders.ask(
            s, EmergencyRequest(announcement=sounding, drill=False, heard=heard), by=officer, now_at=MORNING
        )
        node_id = next(node.id for node in nodes.listing(s) if node.unit_id == unit_id)
        matters.note(s, [*_open(s), _silent(node_id)], now_at=MORNING)
        matter = next(each for each in matters.waiting(s) if each.subject == f"node:{node_id}")
        line = dictionary.add(
            s, unit_id=unit_id, written=f"chữ {unit_id}", reading="một hai", by=officer, now_at=MORNING
        )
        message = sending.ResidentMessage(problem="not_heard", text=f"Không nghe {unit_id}")
        said = sending.receive(s, nodes.get(s, node_id), message, now_at=MORNING)
        session = LiveSessionRow(
            kind=LiveKind.MICROPHONE,
            state=LiveState.WAITING,
            title="Nói",
            zones=[unit_id],
            broadcast_class=BroadcastClass.ROUTINE,
            longest_ms=60_000,
            asked_by_id=officer.id,
            asked_at=MORNING,
        )
        s.add(session)
        s.flush()
        looked_after = person(s, f"ai-{unit_id}")
        found = {"heard": heard, "order": order.id, "node": node_id, "matter": matter.id, "feedback": said.id}
        found |= {"session": session.id}
        return found | {"person": looked_after.id, "reading": line.id}


def _slot(s: Session, unit_id: str, *, at: str, by: Person) -> Slot:
    rule = {"kind": "weekly", "weekdays": list(range(7)), "times": [at]}
    return slots.add_slot(s, name=f"{at} {unit_id}", rule=rule, zones=[unit_id], by=by, now_at=MORNING)


def body(endpoint: str, of: dict[str, str]) -> dict[str, Any]:
    """What a form or a program sends to a route whose rule is about what is named there; empty for the others."""
    unit = of["unit"]
    roles = [{"unit": unit, "role": "viewer"}]
    slot = {"name": "Khung mới", "kind": "weekly", "weekdays": [0], "times": ["06:00"], "zones": [unit]}
    named: dict[str, dict[str, Any]] = {
        "announcements.create": {"title": "Tin", "text": "Mời họp.", "zones": [unit], "class": "routine"},
        "collisions.decide": {"broadcasts": of["colliding"].split(",")},
        "dictionary.add": {"unit_id": unit, "written": "xyz", "reading": "ích y dét", "whole_word": "1"},
        "dictionary.take_over": {"unit_id": unit, "file": (BytesIO("abc\ta bê xê\n".encode()), "a.tsv")},
        "emergencies.order": {"zones": [unit], "content_hash": of["heard"], "meant": "real", "key": "mot"},
        "enrolments.add": {"name": "Loa mới", "unit_id": unit},
        "microphone.ask": {"zones": [unit], "longest_minutes": "5"},
        "people.add": {
            "username": "them",
            "full_name": "Thêm",
            "unit_id": unit,
            "roles": ["viewer"],
            "how": "invitation",
        },
        "slot_items.put": {"slot": of["slot"], "announcement": of["released"]},
        "slot_items.put_chosen": {"slot": of["slot"], "announcement": of["released"]},
        "slots.add": {"name": "Khung mới", "times": "06:00", "zones": [unit], "weekdays": ["0"], "kind": "weekly"},
        "units.add": {"name": "Thôn mới", "parent_id": unit},
        "api.post_announcements": {"title": "Tin", "text": "Mời họp.", "zones": [unit]},
        "api.post_broadcasts": {"announcement": of["released"]},
        "api.post_dictionary": {"unit": unit, "written": "xyz", "reading": "ích y dét"},
        "api.post_emergency_orders": {"announcement": of["alarm"], "drill": False, "content_hash": of["heard"]},
        "api.post_live": {"zones": [unit]},
        "api.post_nodes": {"name": "Loa mới", "unit": unit},
        "api.post_people": {"username": "them", "full_name": "Thêm", "roles": roles},
        "api.post_phrases": {"zones": [unit]},
        "api.post_slots": slot,
        "api.post_units": {"name": "Thôn mới", "parent": unit},
        "api.put_collisions": {"broadcasts": of["colliding"].split(",")},
    }
    return named.get(endpoint, {})


def person(s: Session, username: str) -> Person:
    found = people.find(s, username)
    assert found is not None
    return found


def _person(s: Session, username: str, unit_id: str, role: Role) -> None:
    people.add_person(
        s,
        username=username,
        full_name=username,
        password=PASSWORD,
        roles=[(unit_id, role)],
        by=None,
        now_at=MORNING,
    )


def _written(commune: Commune, unit_id: str, title: str, broadcast_class: str) -> str:
    with commune.database.session() as s:
        fields = AnnouncementFields(
            title=title, text=f"{title} {unit_id}.", zones=[unit_id], broadcast_class=broadcast_class
        )
        if broadcast_class == "emergency":
            fields = AnnouncementFields(
                title=title, text=f"{title} {unit_id}.", zones=[unit_id], broadcast_class="emergency", phrase="storm"
            )
        return announcements.create(s, fields, by=person(s, "canbo"), now_at=MORNING).id


def _approve(s: Session, announcement_id: str, chair: Person) -> None:
    found = s.get_one(Announcement, announcement_id)
    seal = found.content_hash or content_hash(found)
    approvals.approve(s, announcement=found, content_hash=seal, by=chair, now_at=MORNING)


def _record(s: Session, announcement_id: str, officer: Person, commune: Commune) -> None:
    """A version in another language, so that its routes have something to name."""
    found = s.get_one(Announcement, announcement_id)
    if found.state != "draft":
        return
    taken = recordings.keep(BytesIO(b"RIFF hmn"), name="hmn.wav", clips_dir=commune.clips_dir, most_megabytes=1)
    versions.put(
        s,
        announcement=found,
        revision=found.revision,
        language="hmn",
        text="Peb mus",
        recording=taken,
        by=officer,
        now_at=MORNING,
    )


def _open(s: Session) -> list[MatterFinding]:
    """What is the matter already: a new finding does not end it."""
    found: list[Matter] = matters.waiting(s)
    return [MatterFinding(each.kind, each.subject, each.details) for each in found]


def _silent(node_id: str) -> MatterFinding:
    return MatterFinding("pole_silent", f"node:{node_id}", {"name": node_id, "seen_at": MORNING.isoformat()})
