"""A small commune in a database, as the rest of the station would have left it, and its virtual nodes."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from broadcaster.delivery.broker.access import STATION_USER, BrokerAccess
from broadcaster.delivery.broker.embedded.broker import Embedded
from broadcaster.delivery.broker.mosquitto import Mosquitto
from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.service import DeliveryService
from broadcaster.protocol.agenda import Agenda
from broadcaster.protocol.codec import encode
from broadcaster.protocol.mqtt import chunks, topics
from broadcaster.protocol.receipts import Receipt, Receipts
from broadcaster.protocol.signing import Audience, open_agenda
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.broadcasts.freezing import BroadcastPlan, freeze
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.rows import changes
from broadcaster.station.schema import Announcement, Broadcast, Clip, Node, Person
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import AnnouncementState
from tests.integration.delivery.probe import Probe

STATION = "con-minh"


def now() -> datetime:
    return datetime.now(UTC)


class Commune:
    """A database with one commune, two nodes and an officer, and the files of its clips."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.clips_dir = folder / "clips"
        self.clips_dir.mkdir(exist_ok=True)
        self.identity = StationIdentity.load_or_create(folder, STATION)
        self.passwords: dict[str, str] = {}

    def settle_in(self, *names: str) -> None:
        """The commune, an officer and a node per name."""
        with self.database.session() as s:
            unit = units.add_unit(s, name="Côn Minh", kind="commune", now_at=now())
            s.add(Person(id="officer", username="canbo", full_name="Cán bộ", password_hash="x", created_at=now()))
        for name in names:
            self.add_node(name, unit.id)

    def add_node(self, name: str, unit_id: str = "con-minh") -> None:
        with self.database.session() as s:
            node, password = nodes.add_node(s, name=name, unit_id=unit_id, by=None, now_at=now(), node_id=name)
        self.passwords[node.id] = password

    def revoke(self, name: str) -> None:
        with self.database.session() as s:
            nodes.revoke_node(s, node=nodes.get(s, name), by=None, now_at=now())

    def clip(self, size_bytes: int = 40_000) -> str:
        """A finished clip; what it sounds like is nobody's business here."""
        data = secrets.token_bytes(size_bytes)
        ref = chunks.describe(data, duration_ms=5_000)
        (self.clips_dir / f"{ref.sha256}.ogg").write_bytes(data)
        with self.database.session() as s:
            s.add(
                Clip(
                    sha256=ref.sha256,
                    plan_hash=secrets.token_hex(32),
                    size_bytes=size_bytes,
                    duration_ms=5_000,
                    engine="espeak-ng",
                    loudness_lufs=-16.0,
                    created_at=now(),
                )
            )
        return ref.sha256

    def announcement(self, sha256: str, kind: BroadcastClass = BroadcastClass.ROUTINE) -> str:
        """An approved one with this clip; no zones, so that nothing is stored ahead for it."""
        with self.database.session() as s:
            made = Announcement(
                title="Thông báo",
                text="Mời bà con đi họp.",
                broadcast_class=kind,
                state=AnnouncementState.APPROVED,
                created_by_id="officer",
                updated_by_id="officer",
                created_at=now(),
                updated_at=now(),
                script="mời bà con đi họp",
                clip_sha256=sha256,
                content_hash=secrets.token_hex(32),
            )
            s.add(made)
        return made.id

    def order(
        self,
        sha256: str,
        *names: str,
        in_seconds: float = 1.0,
        live: bool = True,
        kind: BroadcastClass = BroadcastClass.ROUTINE,
    ) -> str:
        """A broadcast of the clip on these nodes; its id."""
        announcement_id = self.announcement(sha256, kind)
        with self.database.session() as s:
            announcement = s.get_one(Announcement, announcement_id)
            virtual_nodes: Sequence[Node] = [nodes.get(s, name) for name in names]
            plan = BroadcastPlan(start_at=now() + timedelta(seconds=in_seconds), nodes=virtual_nodes, live=live)
            return freeze(s, announcement, plan, by=None, now_at=now()).id

    def state_of(self, broadcast: str, node: str) -> DeliveryState:
        with self.database.reading() as s:
            found = s.get_one(Broadcast, broadcast)
            return next(each.state for each in found.deliveries if each.node_id == node)

    def touch(self) -> None:
        """Something about agendas changed."""
        with self.database.session() as s:
            changes.bump(s, "agendas")

    def broker(self, kind: str, port: int) -> Broker:
        access = BrokerAccess(host="127.0.0.1", port=port, username=STATION_USER, password="p" * 24)
        if kind == "embedded":
            return Embedded(access=access, station=STATION)
        return Mosquitto(folder=self.folder / "broker", access=access, station=STATION)

    @contextmanager
    def delivery(self, broker: Broker) -> Iterator[DeliveryService]:
        delivery = DeliveryService(self.database, self.identity, broker, self.clips_dir, now)
        delivery.start()
        try:
            yield delivery
        finally:
            delivery.stop()

    def virtual_node(self, name: str, port: int) -> "Node":
        return VirtualNode(self, name, port)


class VirtualNode(Probe):
    """A node without a loudspeaker: hears its agenda, fetches chunks, and says what the test makes it say."""

    def __init__(self, commune: Commune, name: str, port: int) -> None:
        super().__init__(port, name, commune.passwords[name])
        self.name = name
        self._audience = Audience(STATION, name, commune.identity.public_key)

    def agendas(self) -> list[Agenda]:
        """Every agenda that came, verified."""
        return [open_agenda(token, self._audience) for token in self.payloads(topics.agenda(STATION, self.name))]

    def items(self) -> list[str]:
        """Ids of the broadcasts in the newest agenda."""
        newest = self.agendas()[-1:]
        return [item.broadcast for agenda in newest for item in agenda.items]

    def follow(self) -> None:
        self.subscribe(topics.agenda(STATION, self.name))

    def follow_chunks(self, sha256: str) -> None:
        self.subscribe(f"{topics.ROOT}/{STATION}/clips/{sha256}/+")

    def clip(self, sha256: str) -> bytes:
        """The chunks that came, put together."""
        found = {m.topic.rsplit("/", 1)[1]: bytes(m.payload) for m in self.heard if f"/clips/{sha256}/" in m.topic}
        return b"".join(found[index] for index in sorted(found, key=int))

    def state(self, *receipts: Receipt) -> None:
        message = Receipts(node=self.name, receipts=receipts)
        self.publish(topics.receipts(STATION, self.name), encode(message))

    def status(self, **said: object) -> None:
        message = NodeStatus(node=self.name, **{"connection": 1, "online": True, "at": now(), **said})  # type: ignore[arg-type]
        self.publish(topics.status(STATION, self.name), encode(message), retain=True)


def receipt(broadcast: str, state: DeliveryState, sequence: int, **more: object) -> Receipt:
    return Receipt(
        receipt=f"receipt-{sequence:04}", broadcast=broadcast, state=state, at=now(), sequence=sequence, **more
    )  # type: ignore[arg-type]
