"""A gauge at a node whose link is cut: the approved words sound once, and the station learns of it afterwards."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from broadcaster.delivery.broker.mosquitto import executable
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.protocol.enrolment import BrokerAddress
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.clips.content import content_hash
from broadcaster.station.database.engine import Database
from broadcaster.station.gauges import allowances, allowing, gauges, rules
from broadcaster.station.gauges.gauges import GaugeWish
from broadcaster.station.gauges.rules import RuleWish
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import Announcement, Broadcast, Clip, Gauge, Membership, Person
from broadcaster.station.units.units import find_zones
from broadcaster.station.vocabulary.states import BroadcastState, Role
from tests.integration.delivery.commune import Commune, now
from tests.integration.delivery.probe import eventually
from tests.rig.clips import noise_clip
from tests.rig.node_process import NodeProcess

pytestmark = pytest.mark.integration
NODE = "lung-pang"
QUIET_SECONDS = 3.0
"""A second warning would have begun by then: the gauge is read at least once a second."""


def sealed(commune: Commune, announcement_id: str, sha256: str) -> None:
    """As its clip was made and its words were heard."""
    with commune.database.session() as s:
        current = s.get_one(Announcement, announcement_id)
        current.broadcast_class, current.clip_sha256 = BroadcastClass.EMERGENCY, sha256
        current.zones = find_zones(s, ["con-minh"])
        current.content_hash = content_hash(current)


def clip(commune: Commune, seed: int) -> str:
    made = noise_clip(1.0, seed=seed)
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


def speaking(commune: Commune) -> tuple[str, str]:
    """A gauge that the node reads, with a rule two people let speak; the gauge's id and the warning's clip."""
    warning, exercise = clip(commune, 1), clip(commune, 2)
    announcement_id = commune.announcement(warning)
    sealed(commune, announcement_id, warning)
    with commune.database.session() as s:
        officer = s.get_one(Person, "officer")
        wish = GaugeWish(
            name="Suối", unit_id="con-minh", measure="water_level", physical_unit="m", lowest=0, highest=9, node_id=NODE
        )
        gauge, _ = gauges.add(s, wish, by=officer, now_at=now())
        spoken = RuleWish(name="Báo động", does="speak", level=3, ends=2, in_row=3, announcement_id=announcement_id)
        rule = rules.add(s, gauge, spoken, by=officer, now_at=now())
        gauge_id, rule_id, drill_id = gauge.id, rule.id, rule.drill_id or ""
    sealed(commune, drill_id, exercise)
    with commune.database.session() as s:
        current = rules.get(s, rule_id)
        heard = allowances.seal(current)
        asked = allowing.ask(s, rule=current, heard=heard, by=s.get_one(Person, "chair"), now_at=now())
        allowing.confirm(s, allowance=asked, heard=heard, by=s.get_one(Person, "deputy"), now_at=now())
    return gauge_id, warning


def record(commune: Commune) -> list[Broadcast]:
    with commune.database.reading() as s:
        return list(s.scalars(select(Broadcast).order_by(Broadcast.id)).unique())


@pytest.fixture
def commune(tmp_path: Path) -> Iterator[Commune]:
    if executable() is None:
        pytest.skip("Mosquitto is not installed")
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    database.migrate()
    made = Commune(database, tmp_path)
    made.settle_in(NODE)
    with database.session() as s:
        for name in ("chair", "deputy"):
            s.add(Person(id=name, username=name, full_name=name, password_hash="x", created_at=now()))
        s.flush()
        roles = [(name, Role.APPROVER) for name in ("chair", "deputy", "officer")]
        roles.append(("officer", Role.ADMINISTRATOR))
        s.add_all(Membership(person_id=name, unit_id="con-minh", role=role) for name, role in roles)
    yield made
    database.dispose()


def node_of(commune: Commune, port: int, gauge_id: str, level: Path) -> NodeProcess:
    """A node that reads the gauge from a file."""
    with commune.database.reading() as s:
        bundle = nodes.bundle(
            s,
            node=nodes.get(s, NODE),
            password=commune.passwords[NODE],
            identity=commune.identity,
            broker=BrokerAddress(host="127.0.0.1", port=port),
        )
    node = NodeProcess(commune.folder / "node", bundle, "--sound", "file")
    (node.data / "node.toml").write_text(f'gauges = "{gauge_id}=file:{level}@0.2"\n')
    level.write_text("1.0")
    return node


@pytest.mark.limit(120)
def test_the_third_reading_on_a_node_without_link_warns_once_and_its_receipts_arrive_later(
    commune: Commune, tmp_path: Path
) -> None:
    gauge_id, warning = speaking(commune)
    broker, level = commune.broker("mosquitto", free_port("127.0.0.1")), tmp_path / "level"
    node = node_of(commune, broker.access.port, gauge_id, level)
    try:
        with commune.delivery(broker):
            node.start()
            eventually(lambda: list(node.data.glob(f"clips/*{warning}*")), seconds=30)
            eventually(lambda: _heard(commune, gauge_id), seconds=30)
        eventually(lambda: "not connected" in node.log(), seconds=30)
        assert node.played() == []
        level.write_text("3.5")
        eventually(lambda: node.played(), seconds=20)
        time.sleep(QUIET_SECONDS)
        level.write_text("1.0")
        time.sleep(QUIET_SECONDS)
        assert (len(node.played()), record(commune)) == (1, [])
        with commune.delivery(broker):
            eventually(lambda: [each.state for each in record(commune)] == [BroadcastState.COMPLETED], seconds=40)
        [made] = record(commune)
        assert [(each.node_id, each.state) for each in made.deliveries] == [(NODE, DeliveryState.PLAYED)]
        assert (made.drill, made.broadcast_class) == (False, BroadcastClass.EMERGENCY)
    finally:
        node.stop()


def _heard(commune: Commune, gauge_id: str) -> bool:
    with commune.database.reading() as s:
        return s.get_one(Gauge, gauge_id).last_value == 1.0
