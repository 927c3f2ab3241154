"""Every page there is, found in the application's own list of addresses, with something to show on each.

A page somebody adds tomorrow is visited without a word here; only an address with a new kind of blank needs a sample.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from broadcaster.payments.levy import Levy
from broadcaster.protocol.gauges.readings import Reading
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.clips import dictionary
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import orders as emergency_orders
from broadcaster.station.emergencies.guards import EmergencyRequest
from broadcaster.station.feedback import sending
from broadcaster.station.gauges import gauges, readings, rules
from broadcaster.station.gauges.gauges import GaugeWish
from broadcaster.station.gauges.rules import RuleWish
from broadcaster.station.matters import matters
from broadcaster.station.people import people, sessions
from broadcaster.station.programmes import slots
from broadcaster.station.schema import Announcement, Broadcast, LiveSessionRow, Node, Person, RenderJob
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.vocabulary.states import JobState, LiveKind, LiveState
from tests.browser.rig.stage import Stage, now
from tests.unit.web.access.exchange_things import exchange_things

WHO = ("chutich", "quantri", "canbo")
"""Whoever of these may see a page first shows it."""
LEVY = Levy(bank_bin="970405", account="3713123456789", holder="UBND xã Côn Minh", amount_vnd=50_000, purpose="Quy IV")
COMPLAINT = sending.ResidentMessage(problem="not_heard", text="Không nghe " + "a" * 180, phone="0912 345 678")
LONG = "Mời bà con thôn Bản Cuôn đến nhà văn hóa họp lúc 19h30 ngày 28/11 về quỹ 45.000đ/hộ. " * 3
UNBROKEN = "Bản nháp " + "a" * 180
"""A title no line can be broken in."""
PATIENCE_ROUNDS = 900


@dataclass(frozen=True)
class Page:
    """endpoint: what answers; path: its address with every blank filled; username: who looks, empty for anybody."""

    endpoint: str
    path: str
    username: str


Samples = dict[str, list[str]]
"""What may stand in each blank of an address."""


ANYWHERE: Samples = {
    "sha256": ["0" * 64],
    "position": ["0"],
    "ticket": ["khong-co-tep-nay"],
    "kind": ["svg"],
    "token": ["khong-co-loi-moi-nay"],
    "language": ["tay"],
    "pattern_id": ["power_cut"],
    "notice_id": ["khong-co-thong-bao-nay"],
    "filename": [],
    "province_item_id": ["khong-co-ban-tin-nay"],
}
"""What stands in blanks that need nothing in the database."""


def pages(app: Flask, database: Database, samples: Samples) -> list[Page]:
    """Every whole page. Raises KeyError for a blank without a sample."""
    browsers = {username: signed_in(app, database, username) for username in WHO} | {"": app.test_client()}
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(("/api/", "/static/")):
            found += [page for path in _paths(rule, samples) if (page := _page(rule.endpoint, path, browsers))]
    return found


def _paths(rule: Rule, samples: Samples) -> Iterator[str]:
    blanks = sorted(rule.arguments)
    fillings: list[dict[str, str]] = [{}]
    for blank in blanks:
        fillings = [filling | {blank: value} for filling in fillings for value in samples[blank]]
    # What one of a kind is like, its own page shows; its forms are alike for all.
    for filling in fillings if rule.endpoint.endswith(".show") else fillings[:1]:
        built = rule.build(filling)
        if built:
            yield built[1]


def _page(endpoint: str, path: str, browsers: dict[str, FlaskClient]) -> Page | None:
    """None for what is no whole page of text, or leads elsewhere."""
    order = ("", *WHO) if endpoint == "people.login" else (*WHO, "")
    for username in order:
        answer = browsers[username].get(path)
        not_there_now = (
            path.endswith((".m4a", ".m3u8", ".ogg")) and answer.status_code == 503
        )  # being made, or not on air
        assert answer.status_code < 500 or not_there_now, f"{path} is broken"
        whole = answer.mimetype == "text/html" and answer.status_code == 200 and "<html" in answer.text
        answer.close()
        if whole:
            return Page(endpoint, path, username)
    return None


def signed_in(app: Flask, database: Database, username: str) -> FlaskClient:
    """A browser of this person."""
    with database.session() as s:
        person = people.find(s, username)
        assert person
        token = sessions.open_session(s, person=person, now_at=now(), client="tour")
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


def furnish(stage: Stage) -> Samples:
    """A day in the commune that leaves something on every page."""
    for virtual_node in stage.virtual_nodes[:2]:
        stage.online(virtual_node)
    draft, waiting, aired = (_write(stage, title) for title in (UNBROKEN, "Chờ duyệt", "Thu quỹ quý IV"))
    warning = _warning(stage)
    _await_clips(stage)
    broadcast = _approve_and_air(stage, aired, waiting)
    stage.report(broadcast, stage.virtual_nodes[0], DeliveryState.PLAYED, played_ms=9_000)
    stage.report(
        broadcast, stage.virtual_nodes[1], DeliveryState.INTERRUPTED, played_ms=2_000, reason="Mất điện giữa chừng."
    )
    order, alarm = _drill(stage, warning)
    with stage.database.session() as s:
        slot_id, officer = _fill_a_slot(s, aired), _person(s, "canbo")
        soon_at = now() + timedelta(minutes=9)
        announcement = s.get_one(Announcement, aired)
        broadcasts.broadcast_now(s, announcement=announcement, by=officer, now_at=now(), start_at=soon_at)
        message = sending.receive(s, s.get_one(Node, stage.virtual_nodes[0]), COMPLAINT, now_at=now())
        matters.observe(s, now_at=now() + timedelta(minutes=11))
        levels = exchange_things(s, _person(s, "quantri"), officer, _person(s, "chutich"))
        return ANYWHERE | {
            "announcement_id": [aired, draft, waiting, warning],
            "broadcast_id": [broadcast, alarm],
            "session_id": [_session(s, officer)],
            **_gauge(s),
            "order_id": [order],
            "slot_id": [slot_id],
            "feedback_id": [message.id],
            "code": [message.code],
            "node_id": [stage.virtual_nodes[0], stage.virtual_nodes[2]],
            "person_id": [officer.id],
            "province_item_id": [levels["province_item_id"]],
            "unit_id": ["ban-cuon", "con-minh"],
            "at": [(now() + timedelta(days=1)).strftime("%Y-%m-%dT05:00")],
        }


def _gauge(s: Session) -> Samples:
    """A gauge that said something, and a rule over it."""
    wish = GaugeWish(
        name="Suối Nà Cà", unit_id="ban-cuon", measure="water_level", physical_unit="m", lowest=0, highest=9
    )
    gauge, _ = gauges.add(s, wish, by=_person(s, "quantri"), now_at=now())
    readings.take(s, gauge, [Reading(at=now(), value=1.5)], now_at=now())
    warns = RuleWish(name="Báo động 2", does="notify", level=3, ends=2)
    return {
        "gauge_id": [gauge.id],
        "rule_id": [rules.add(s, gauge, warns, by=_person(s, "canbo"), now_at=now()).id],
    }


def _session(s: Session, officer: Person) -> str:
    """Somebody waits to speak; the session's id."""
    waiting = LiveSessionRow(
        kind=LiveKind.MICROPHONE,
        state=LiveState.WAITING,
        title="Trưởng thôn báo họp",
        zones=["lung-pang"],
        broadcast_class=BroadcastClass.ROUTINE,
        longest_ms=60_000,
        asked_by_id=officer.id,
        asked_at=now(),
    )
    s.add(waiting)
    s.flush()
    return waiting.id


def _fill_a_slot(s: Session, aired: str) -> str:
    """Something in the first slot and in the dictionary; the slot's id."""
    slot, officer = slots.listing(s)[0], _person(s, "canbo")
    written, reading = "NVHCĐ", "nhà văn hóa cộng đồng"
    dictionary.add(s, unit_id="con-minh", written=written, reading=reading, by=officer, now_at=now())
    announcement = s.get_one(Announcement, aired)
    today = now().date()
    slots.put(s, slot=slot, announcement=announcement, first_on=today, last_on=None, by=officer, now_at=now())
    return slot.id


def _write(stage: Stage, title: str) -> str:
    with stage.database.session() as s:
        return announcements.create(
            s,
            AnnouncementFields(
                title=title,
                text=LONG,
                zones=["con-minh"],
                broadcast_class="priority" if title == "Chờ duyệt" else "routine",
                levy=LEVY if "Thu" in title else None,
            ),
            by=_person(s, "canbo"),
            now_at=now(),
        ).id


def _warning(stage: Stage) -> str:
    """The drill of a ready warning."""
    with stage.database.session() as s:
        return announcements.create(
            s,
            AnnouncementFields(
                title="Diễn tập: Bão",
                text="Bão đang vào. Bà con chằng chống nhà cửa và ở trong nhà.",
                zones=["con-minh"],
                broadcast_class="emergency",
                drill=True,
                phrase="storm",
            ),
            by=_person(s, "canbo"),
            now_at=now(),
        ).id


def _await_clips(stage: Stage) -> None:
    """Until the real voice has said everything."""
    for _ in range(PATIENCE_ROUNDS):
        with stage.database.reading() as s:
            open_jobs = select(RenderJob.id).where(RenderJob.state.in_((JobState.QUEUED, JobState.RUNNING)))
            if s.scalar(open_jobs.limit(1)) is None:
                return
        time.sleep(0.1)
    raise AssertionError("the clips were not made in time")


def _approve_and_air(stage: Stage, aired: str, waiting: str) -> str:
    with stage.database.session() as s:
        officer, chair = _person(s, "canbo"), _person(s, "chutich")
        for each in (aired, waiting):
            approvals.submit(s, announcement=s.get_one(Announcement, each), by=officer, now_at=now())
        announcement = s.get_one(Announcement, aired)
        seal = announcement.content_hash or ""
        approvals.approve(s, announcement=announcement, content_hash=seal, by=chair, now_at=now())
        return broadcasts.broadcast_now(s, announcement=announcement, by=officer, now_at=now()).id


def _drill(stage: Stage, warning: str) -> tuple[str, str]:
    """An exercise under way: its order and its broadcast."""
    with stage.database.session() as s:
        announcement = s.get_one(Announcement, warning)
        assert announcement.broadcast_class is BroadcastClass.EMERGENCY
        heard, officer, chair = announcement.content_hash or "", _person(s, "canbo"), _person(s, "chutich")
        wanted = EmergencyRequest(announcement=announcement, drill=True, heard=heard, reason="Diễn tập tháng 11")
        order = emergency_orders.ask(s, wanted, by=officer, now_at=now())
        confirmed = emergency_orders.confirm(s, order=order, drill=True, heard=heard, by=chair, now_at=now())
        broadcast = s.scalar(select(Broadcast.id).where(Broadcast.announcement_id == announcement.id).limit(1))
        assert confirmed
        assert broadcast
        return order.id, broadcast


def _person(s: object, username: str) -> Person:
    return s.scalars(select(Person).where(Person.username == username)).unique().one()  # type: ignore[attr-defined]
