"""What there is to press: things of every kind in their states, with the buttons their pages may show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

from sqlalchemy.orm import Session

from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.clips import clips, tunes
from broadcaster.station.emergencies import order_records, orders, phrasebook, silence
from broadcaster.station.emergencies.guards import EmergencyRequest
from broadcaster.station.people import people
from broadcaster.station.programmes import slots
from broadcaster.station.rules import emergency_rules
from broadcaster.station.schema import Announcement, Broadcast, Person
from broadcaster.station.vocabulary.states import BroadcastState
from tests.rig.commune import rendered
from tests.unit.web.commune import Commune
from tests.unit.web.log.test_pages import played

HAMLET_ROLES = {"truongthon": "officer", "duyetthon": "approver", "kythuat": "technician", "quanthon": "administrator"}
"""People of one hamlet, Lủng Pảng, by what they are there."""
RULE = {"kind": "weekly", "weekdays": [0, 1, 2, 3, 4, 5, 6], "times": ["17:00"]}
AT = "2026-11-24T17:00"


@dataclass(frozen=True)
class Button:
    """page: where it stands; press: address it goes to; fields: what it sends; link: it only leads there."""

    page: str
    press: str
    fields: tuple[tuple[str, str], ...] = ()
    link: bool = False


Scene = Callable[[Commune], list[Button]]


def by(commune: Commune, s: Session, username: str) -> Person:
    return commune._person(s, username)


def slot_scene(state: str, zones: list[str]) -> Scene:
    def build(commune: Commune) -> list[Button]:
        approved = commune.approved()
        with commune.database.session() as s:
            officer = by(commune, s, "canbo")
            made = slots.add_slot(s, name="Chiều", rule=RULE, zones=zones, by=officer, now_at=commune.clock())
            item = slots.put(
                s,
                slot=made,
                announcement=announcements.get(s, approved),
                first_on=commune.clock().date(),
                by=officer,
                now_at=commune.clock(),
            )
            slot, item_id = made.id, item.id
            if state == "removed":
                slots.remove_slot(s, slot=made, by=officer, now_at=commune.clock())
        page = f"/slots/{slot}"
        return [
            Button(page, f"{page}/pause", (("paused_until_on", "2026-12-01"),)),
            Button(page, f"{page}/remove"),
            Button(page, f"{page}/items", (("announcement", approved), ("first_on", "2026-11-24"))),
            Button(page, f"/slots/items/{item_id}/take-out"),
            Button(f"{page}/dates/{AT}", f"{page}/dates/{AT}/leave-out"),
            Button(f"{page}/dates/{AT}", f"{page}/dates/{AT}/move", (("to_day", "2026-11-24"), ("to_time", "18:00"))),
        ]

    return build


def broadcast_scene(state: str) -> Scene:
    def build(commune: Commune) -> list[Button]:
        broadcast = _scheduled(commune) if state in ("scheduled", "cancelled") else played(commune)
        with commune.database.session() as s:
            officer = by(commune, s, "canbo")
            if state == "cancelled":
                broadcasts.cancel(s, broadcast=broadcasts.get(s, broadcast), by=officer, now_at=commune.clock())
            elif state != "scheduled":
                s.get_one(Broadcast, broadcast).state = BroadcastState.PARTIAL
            if state == "silenced":
                silence.silence(s, by=officer, reason="", now_at=commune.clock())
        if state == "at_night":
            commune.clock.move(hours=15)
        page = f"/broadcasts/{broadcast}"
        return [Button(page, f"{page}/cancel"), Button(page, f"{page}/again", (("key", "lan-nua"),))]

    return build


def _scheduled(commune: Commune) -> str:
    approved = commune.approved()
    with commune.database.session() as s:
        made = broadcasts.broadcast_now(
            s,
            announcement=announcements.get(s, approved),
            by=by(commune, s, "canbo"),
            now_at=commune.clock(),
            start_at=commune.clock() + timedelta(hours=2),
        )
        return made.id


def order_scene(state: str, asker: str) -> Scene:
    def build(commune: Commune) -> list[Button]:
        seal, order = _ordered(commune, state, asker)
        with commune.database.session() as s:
            current, chair = order_records.get(s, order), by(commune, s, "chutich" if asker != "chutich" else "canbo")
            if state == "refused":
                orders.refuse(s, order=current, by=chair, now_at=commune.clock())
            elif state == "silenced":
                silence.silence(s, by=chair, reason="", now_at=commune.clock())
            elif state == "repeating":
                orders.confirm(s, order=current, drill=False, heard=seal, by=chair, now_at=commune.clock())
        if state == "expired":
            commune.clock.move(hours=3)
        page, one = "/" if state == "silenced" else "/emergency/now", f"/emergency/orders/{order}"
        return [
            Button(page, f"{one}/confirm", (("meant", "real"), ("content_hash", seal))),
            Button(page, f"{one}/refuse"),
            Button(page, f"{one}/review", (("words", "Đúng."),)),
            Button(page, f"{one}/end"),
            Button(page, f"{one}/all-clear", (("key", "het"),)),
        ]

    return build


def _ordered(commune: Commune, state: str, asker: str) -> tuple[str, str]:
    """The hash that was heard, and the order."""
    with commune.database.session() as s:
        zones = ["lung-pang"] if asker in HAMLET_ROLES else ["con-minh"]
        phrasebook.fill(s, zones=zones, by=by(commune, s, "canbo"), now_at=commune.clock())
        if state == "declared":
            rulers = by(commune, s, "quantri")
            emergency_rules.choose(s, chosen="declared", minutes=30, by=rulers, now_at=commune.clock())
    commune.make_clips()
    with commune.database.session() as s:
        storm = _released(commune, s, phrasebook.book(s)[0].phrase or "")
        if state == "repeating":
            _released(commune, s, phrasebook.ALL_CLEAR)
        wanted = EmergencyRequest(
            announcement=storm,
            drill=False,
            heard=storm.content_hash or "",
            reason="Bão về.",
            every_minutes=5 if state == "repeating" else None,
        )
        made = orders.ask(s, wanted, by=by(commune, s, asker), now_at=commune.clock())
        return storm.content_hash or "", made.id


def _released(commune: Commune, s: Session, phrase: str) -> Announcement:
    text = next(each for each in phrasebook.book(s) if each.phrase == phrase)
    now_at, seal = commune.clock(), text.content_hash or ""
    approvals.submit(s, announcement=text, by=by(commune, s, "canbo"), now_at=now_at)
    approvals.approve(s, announcement=text, content_hash=seal, by=by(commune, s, "chutich"), now_at=now_at)
    return text


def stop_scene(asked_by: str) -> Scene:
    def build(commune: Commune) -> list[Button]:
        with commune.database.session() as s:
            stop = silence.silence(s, by=by(commune, s, "chutich"), reason="", now_at=commune.clock()).id
            if asked_by:
                silence.ask_to_lift(s, by=by(commune, s, asked_by), now_at=commune.clock())
        page = "/emergency/now"
        return [Button(page, f"/emergency/silence/{stop}/{act}") for act in ("ask-lift", "lift")]

    return build


def person_scene(state: str, username: str) -> Scene:
    def build(commune: Commune) -> list[Button]:
        with commune.database.session() as s:
            person, administrator = by(commune, s, username), by(commune, s, "quantri")
            if state == "disabled":
                people.disable(s, person=person, by=administrator, now_at=commune.clock())
            elif state == "two-step":
                person.totp_secret = "JBSWY3DPEHPK3PXP"
            elif state == "waiting":
                roles = [(each.unit_id, each.role.value) for each in person.memberships]
                wanted = [*roles, ("con-minh", "approver")]
                people.set_roles(s, person=person, roles=wanted, by=administrator, now_at=commune.clock())
            page = f"/people/{person.id}"
        acts = ("roles/confirm", "invitation", "second-factor/off", "sign-out", "disable", "enable")
        return [Button(page, f"{page}/roles"), *(Button(page, f"{page}/{act}") for act in acts)]

    return build


def places_scene(commune: Commune) -> list[Button]:
    """What is there without anybody doing anything: hamlets, what they hear, nodes."""
    assert commune
    names = ("con-minh", "lung-pang", "lung-vai")
    units = [Button("/hamlets", f"/hamlets/{each}", link=True) for each in names]
    languages = [Button("/languages", f"/languages/{each}", (("languages", "hmn"),)) for each in names]
    settings = [
        Button(f"/nodes/{each}", f"/nodes/{each}/settings", link=True) for each in ("loa-lung-pang", "loa-lung-vai")
    ]
    return [*units, *languages, *settings]


def tune_scene(state: str, uploader: str) -> Scene:
    def build(commune: Commune) -> list[Button]:
        now_at = commune.clock()
        with commune.database.session() as s:
            uploaded_by = by(commune, s, uploader)
            tune = tunes.add(s, kind="bed", name="Nền", recording_sha256="b" * 64, by=uploaded_by, now_at=now_at)
            if state != "unmade":
                made = clips.record(s, rendered("tune", duration_ms=8_000), "tune", now_at)
                tunes.QUEUE.finish(s, key=tune.id, clip=made)
                s.refresh(tune)
            if state in ("approved", "removed"):
                heard = tune.clip_sha256 or ""
                tunes.approve(s, tune=tune, clip_sha256=heard, by=by(commune, s, "chutich"), now_at=now_at)
            if state == "removed":
                tunes.remove(s, tune=tune, by=uploaded_by, now_at=now_at)
            one, seal = f"/tunes/{tune.id}", tune.clip_sha256 or ""
        return [Button("/tunes", f"{one}/approve", (("clip_sha256", seal),)), Button("/tunes", f"{one}/remove")]

    return build


def phrases_scene(zone: str, *, drilled: bool) -> Scene:
    """Ready texts: an alarm, one that has a drill, and an all-clear."""

    def build(commune: Commune) -> list[Button]:
        with commune.database.session() as s:
            officer, now_at = by(commune, s, "canbo"), commune.clock()
            phrasebook.fill(s, zones=[zone], by=officer, now_at=now_at)
            texts = [each for each in phrasebook.book(s) if each.phrase in ("storm", phrasebook.ALL_CLEAR)]
            for text in texts if drilled else ():
                phrasebook.drill_of(s, text, by=officer, now_at=now_at)
            return [Button("/emergency", f"/emergency/book/{text.id}/drill") for text in texts]

    return build


SCENES: dict[str, Scene] = {
    **{
        f"tune {state} of {uploader}": tune_scene(state, uploader)
        for state, uploader in (
            *product(("made",), ("canbo", "chutich")),
            *product(("unmade", "approved", "removed"), ("canbo",)),
        )
    },
    **{
        f"phrases of {zone}{' with drills' if drilled else ''}": phrases_scene(zone, drilled=drilled)
        for zone, drilled in (("con-minh", False), ("con-minh", True), ("lung-pang", False))
    },
    **{
        f"slot {state} {zones[0]}": slot_scene(state, zones)
        for state, zones in product(("standing", "removed"), (["con-minh"], ["lung-pang"]))
    },
    **{
        f"broadcast {state}": broadcast_scene(state)
        for state in ("scheduled", "cancelled", "part", "silenced", "at_night")
    },
    **{
        f"order {state} of {asker}": order_scene(state, asker)
        for state, asker in (
            *product(("waiting", "declared", "repeating"), ("canbo", "truongthon")),
            *product(("waiting",), ("chutich",)),
            *product(("refused", "expired", "silenced"), ("canbo",)),
        )
    },
    **{f"stop-all {asked or 'unasked'}": stop_scene(asked) for asked in ("", "canbo")},
    **{
        f"person {state} {username}": person_scene(state, username)
        for state, username in (
            *product(("here", "disabled", "two-step", "waiting"), ("canbo",)),
            ("here", "truongthon"),
        )
    },
    "own login": person_scene("two-step", "quantri"),
    "places": places_scene,
}
