"""Stop-all and edits, from the station's database to a real node and back."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import soundfile
from sqlalchemy import select

from broadcaster.config import Config
from broadcaster.delivery.broker.mosquitto import executable
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.protocol.enrolment import BrokerAddress, NodeBundle
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.agendas import confirmations
from broadcaster.station.announcements.planned_broadcasts import cancel_one
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.broadcasts.freezing import BroadcastPlan, freeze
from broadcaster.station.clips.content import content_hash, text_hash
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.people import roles
from broadcaster.station.programmes import slots
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Announcement, Broadcast, Clip, Membership, NodeState, Person, Version
from broadcaster.station.units.units import find_zones
from broadcaster.station.vocabulary.states import Role
from scheduler.service import SchedulerService
from tests.integration.delivery.commune import Commune, now
from tests.integration.delivery.probe import eventually
from tests.rig.clips import noise_clip
from tests.rig.node_process import NodeProcess
from tests.rig.running.busy import stretched

pytestmark = pytest.mark.integration
VIRTUAL_NODE = "lung-pang"
SECONDS_OF_SOUND = 20.0
SILENT_SECONDS = 1.5
"""A node that could begin would have begun: a stored order that is due sounds at once."""


@pytest.fixture
def commune(tmp_path: Path) -> Iterator[Commune]:
    if executable() is None:
        pytest.skip("Mosquitto is not installed")
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    database.migrate()
    commune = Commune(database, tmp_path)
    commune.settle_in(VIRTUAL_NODE)
    with database.session() as s:
        s.add(Person(id="chair", username="chutich", full_name="Chủ tịch", password_hash="x", created_at=now()))
        s.add_all(Membership(person_id=each, unit_id="con-minh", role=Role.APPROVER) for each in ("officer", "chair"))
    yield commune
    database.dispose()


@pytest.fixture
def virtual_node(commune: Commune, tmp_path: Path) -> Iterator[NodeProcess]:
    broker = commune.broker("mosquitto", free_port("127.0.0.1"))
    with commune.delivery(broker) as delivery:
        eventually(lambda: delivery.connected)
        address = BrokerAddress(host="127.0.0.1", port=broker.access.port)
        with commune.database.reading() as s:
            node, password = nodes.get(s, VIRTUAL_NODE), commune.passwords[VIRTUAL_NODE]
            bundle: NodeBundle = nodes.bundle(
                s, node=node, password=password, identity=commune.identity, broker=address
            )
        process = NodeProcess(tmp_path / "node", bundle, "--sound", "file")
        process.start()
        yield process
        process.stop()


def sound(commune: Commune, seed: int, seconds: float = SECONDS_OF_SOUND) -> str:
    """A clip that can be heard, known to the station."""
    made = noise_clip(seconds, seed=seed)
    (commune.clips_dir / f"{made.ref.sha256}.ogg").write_bytes(made.data)
    with commune.database.session() as s:
        s.add(
            Clip(
                sha256=made.ref.sha256,
                plan_hash=made.ref.sha256,
                size_bytes=len(made.data),
                duration_ms=made.ref.duration_ms,
                engine="espeak-ng",
                loudness_lufs=-16.0,
                created_at=now(),
            )
        )
    return made.ref.sha256


def is_stopped(commune: Commune) -> bool:
    with commune.database.reading() as s:
        state = s.get(NodeState, VIRTUAL_NODE)
        return state is not None and state.online and state.stopped


def test_a_sounding_emergency_is_silent_in_five_seconds_and_over_a_restart_until_two_people_lift_it(
    commune: Commune, virtual_node: NodeProcess
) -> None:
    first = commune.order(sound(commune, 1), VIRTUAL_NODE, kind=BroadcastClass.EMERGENCY)
    eventually(lambda: commune.state_of(first, VIRTUAL_NODE) is DeliveryState.PLAYING, seconds=20)
    with commune.database.session() as s:
        officer = s.get_one(Person, "officer")
        assert roles.may(s, officer, "emergency", None)
        stop_all.order(s, by=officer, reason="Phát nhầm", now_at=now())
    ordered = time.monotonic()
    eventually(lambda: commune.state_of(first, VIRTUAL_NODE) is DeliveryState.INTERRUPTED and is_stopped(commune))
    assert time.monotonic() - ordered < stretched(5)

    virtual_node.kill()
    virtual_node.start()
    second = commune.order(sound(commune, 2), VIRTUAL_NODE, kind=BroadcastClass.EMERGENCY)
    eventually(
        lambda: commune.state_of(second, VIRTUAL_NODE) is DeliveryState.STORED and is_stopped(commune), seconds=20
    )
    time.sleep(SILENT_SECONDS)
    assert commune.state_of(second, VIRTUAL_NODE) is DeliveryState.STORED
    with commune.database.session() as s:
        stop_all.ask_lift(s, by=s.get_one(Person, "officer"), now_at=now())
    time.sleep(SILENT_SECONDS)
    assert commune.state_of(second, VIRTUAL_NODE) is DeliveryState.STORED
    with commune.database.session() as s:
        stop_all.lift(s, by=s.get_one(Person, "chair"), now_at=now())
    playing = (DeliveryState.PLAYING, DeliveryState.PLAYED)
    eventually(lambda: {commune.state_of(each, VIRTUAL_NODE) for each in (first, second)} & set(playing), seconds=10)


def test_a_cancellation_reaches_a_sounding_node_in_two_seconds_and_is_confirmed(
    commune: Commune, virtual_node: NodeProcess
) -> None:
    sounding, later = (
        commune.order(sound(commune, seed), VIRTUAL_NODE, in_seconds=start) for seed, start in ((3, 1.0), (4, 3600.0))
    )
    eventually(lambda: commune.state_of(sounding, VIRTUAL_NODE) is DeliveryState.PLAYING, seconds=20)
    eventually(lambda: commune.state_of(later, VIRTUAL_NODE) is DeliveryState.STORED, seconds=20)
    with commune.database.session() as s:
        for each in (sounding, later):
            cancel_one(s, broadcasts.get(s, each), by=None, now_at=now())
    ordered = time.monotonic()
    cancelled = {DeliveryState.CANCELLED}
    eventually(lambda: {commune.state_of(each, VIRTUAL_NODE) for each in (sounding, later)} == cancelled)
    assert time.monotonic() - ordered < stretched(2)
    eventually(lambda: not _behind(commune))


def test_what_is_taken_out_of_a_slot_leaves_the_node_in_two_seconds_and_is_confirmed(
    commune: Commune, virtual_node: NodeProcess, tmp_path: Path
) -> None:
    planner = SchedulerService(commune.database, Config(data_dir=tmp_path), clock=now)
    planner.start()
    try:
        item_id = put_into_a_slot(commune, sound(commune, 7))
        eventually(lambda: planned(commune), seconds=20)
        broadcast = planned(commune)
        eventually(lambda: commune.state_of(broadcast, VIRTUAL_NODE) is DeliveryState.STORED, seconds=20)
        with commune.database.session() as s:
            slots.take_out(s, item=slots.get_item(s, item_id), by=s.get_one(Person, "officer"), now_at=now())
        taken_out = time.monotonic()
        eventually(lambda: commune.state_of(broadcast, VIRTUAL_NODE) is DeliveryState.CANCELLED)
        assert time.monotonic() - taken_out < stretched(2)
        eventually(lambda: not _behind(commune))
    finally:
        planner.stop()


def put_into_a_slot(commune: Commune, sha256: str) -> str:
    """An approved announcement in a daily slot some minutes from now; the id of the item."""
    announcement_id = commune.announcement(sha256)
    start = (now() + timedelta(minutes=10)).astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    with commune.database.session() as s:
        announcement = s.get_one(Announcement, announcement_id)
        announcement.zones = find_zones(s, ["con-minh"])
        announcement.content_hash = content_hash(announcement)
        rule = {"weekdays": list(range(7)), "times": [f"{start:%H:%M}"]}
        slot = slots.add_slot(s, name="Hằng ngày", rule=rule, zones=["con-minh"], by=None, now_at=now())
        officer = s.get_one(Person, "officer")
        item = slots.put(s, slot=slot, announcement=announcement, first_on=start.date(), by=officer, now_at=now())
        return item.id


def planned(commune: Commune) -> str:
    """Id of the one broadcast there is; empty before."""
    with commune.database.reading() as s:
        return s.scalars(select(Broadcast.id)).first() or ""


def test_a_revoked_node_is_silent_and_shut_out_in_ten_seconds_for_good(
    commune: Commune, virtual_node: NodeProcess
) -> None:
    sounding = commune.order(sound(commune, 5), VIRTUAL_NODE)
    later = commune.order(sound(commune, 6), VIRTUAL_NODE, in_seconds=12.0)
    eventually(lambda: commune.state_of(sounding, VIRTUAL_NODE) is DeliveryState.PLAYING, seconds=20)
    eventually(lambda: commune.state_of(later, VIRTUAL_NODE) is DeliveryState.STORED, seconds=20)
    commune.revoke(VIRTUAL_NODE)
    ordered = time.monotonic()
    eventually(lambda: len(virtual_node.played()) == 1, seconds=10)
    eventually(lambda: "not connected" in virtual_node.log(), seconds=10)
    assert time.monotonic() - ordered < stretched(10)
    assert soundfile.info(virtual_node.played()[0]).duration < SECONDS_OF_SOUND - 5

    virtual_node.kill()
    refused = virtual_node.log().count("not connected (")
    virtual_node.start()
    eventually(lambda: virtual_node.log().count("not connected (") > refused, seconds=20)
    with commune.database.reading() as s:
        due_at = s.get_one(Broadcast, later).start_at
    time.sleep(max(0.0, (due_at - now()).total_seconds()) + SILENT_SECONDS)
    assert len(virtual_node.played()) == 1
    assert virtual_node.log().count("connected (") == virtual_node.log().count("not connected (") + 1, (
        "nobody lets it in again"
    )


def _behind(commune: Commune) -> list[confirmations.Unconfirmed]:
    with commune.database.reading() as s:
        return confirmations.unconfirmed(s, now_at=now())


def test_a_node_plays_the_languages_of_its_place_one_after_the_other(
    commune: Commune, virtual_node: NodeProcess
) -> None:
    announcement_id = commune.announcement(sound(commune, 8, seconds=3.0))
    mong = sound(commune, 9, seconds=2.0)
    with commune.database.session() as s:
        find_zones(s, ["con-minh"])[0].languages = ["hmn", "vi"]
        announcement = s.get_one(Announcement, announcement_id)
        said = Version(language="hmn", recording_sha256=mong, recording_name="mong.wav", clip_sha256=mong)
        said.said_of, said.made_by_id, said.made_at = text_hash(announcement), "officer", now()
        announcement.versions.append(said)
        plan = BroadcastPlan(start_at=now() + timedelta(seconds=1), nodes=[nodes.get(s, VIRTUAL_NODE)], live=True)
        broadcast = freeze(s, announcement, plan, by=None, now_at=now()).id
    eventually(lambda: commune.state_of(broadcast, VIRTUAL_NODE) is DeliveryState.PLAYED, seconds=20)
    with commune.database.reading() as s:
        (delivery,) = broadcasts.get(s, broadcast).deliveries
    assert delivery.languages == ["hmn", "vi"]
    assert abs(delivery.played_ms - 5_000) < 200
