"""A node that was away for thirty days comes back and states all it did meanwhile: five hundred receipts."""

import threading
from datetime import UTC, datetime, timedelta

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import delete, select

from broadcaster.protocol.codec import decode, encode
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.receipts import Acks, Receipt, Receipts
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.broadcasts.freezing import BroadcastPlan, freeze
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import Announcement, Delivery, zone_nodes
from tests.chaos.judging.judge import Violation
from tests.chaos.village.village import Village

BROADCASTS, DAYS, AT_ONCE = 167, 30, 100
AGAIN_SECONDS = 5.0
STATES = (DeliveryState.STORED, DeliveryState.PLAYING, DeliveryState.PLAYED)


class ReturningNode:
    """Enrolled like every other, in nobody's zone. It leaves no recordings: the judge asks only that it is heard.

    returned: it came back; it states everything until everything is acknowledged, as a node does.
    """

    def __init__(self, village: Village) -> None:
        self._village = village
        self._station = village.config.station.id
        now_at = datetime.now(UTC)
        with village.database.session() as s:
            node, self._password = nodes.add_node(s, name="Vùng cao", unit_id="con-minh", by=None, now_at=now_at)
            s.flush()
            s.execute(delete(zone_nodes).where(zone_nodes.c.node_id == node.id))
            said = s.scalars(
                select(Announcement).where(Announcement.clip_sha256.is_not(None)).order_by(Announcement.id)
            )
            announcement, began_at = said.unique().first(), now_at - timedelta(days=DAYS)
            assert announcement is not None
            broadcasts = []
            for number in range(BROADCASTS):
                at = began_at + number * timedelta(days=DAYS) / (BROADCASTS + 1)
                plan = BroadcastPlan(start_at=at, nodes=[node])
                broadcasts.append(freeze(s, announcement, plan, by=village.person(s, "chutich"), now_at=at).id)
            self.id = node.id
        village.unjudged.add(self.id)
        self._facts = {
            f"back-{number:06d}": Receipt(
                receipt=f"back-{number:06d}", broadcast=broadcasts[number // len(STATES)],
                state=STATES[number % len(STATES)], at=began_at + timedelta(minutes=number), sequence=number + 1,
            )
            for number in range(BROADCASTS * len(STATES))
        }  # fmt: skip
        self._waiting = set(self._facts)
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self.returned = False

    def come_back(self) -> bool:
        """False when it is here already."""
        if self.returned:
            return False
        self.returned = True
        self._thread = threading.Thread(target=self._state, daemon=True)
        self._thread.start()
        return True

    def end(self, *, patience_seconds: float) -> list[Violation]:
        """What it stated and nobody stored, after so long at most."""
        if self._thread is None:
            return []
        self._thread.join(patience_seconds)
        self._ending.set()
        self._thread.join(10)
        if self._village.diary.happenings(("station",), ("turned back",)):
            return []  # what was acknowledged before is forgotten, and no node says it again
        with self._village.database.reading() as s:
            chosen = select(Delivery.broadcast_id).where(Delivery.node_id == self.id)
            lost = s.scalars(chosen.where(Delivery.state != DeliveryState.PLAYED)).all()
        return [
            Violation("returned node", self.id, each, "it was played and stated, and does not stand") for each in lost
        ]

    def _state(self) -> None:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=self.id)
        client.username_pw_set(self.id, self._password)
        client.on_connect = lambda *_: client.subscribe(topics.acks(self._station, self.id), 1)
        client.on_message = lambda _client, _data, message: self._acknowledged(message.payload)
        client.connect_async("127.0.0.1", self._village.config.broker.port)
        client.loop_start()
        while self._waiting and not self._ending.wait(AGAIN_SECONDS):
            left = [self._facts[each] for each in sorted(self._waiting)]
            for start in range(0, len(left), AT_ONCE):
                batch = Receipts(node=self.id, receipts=tuple(left[start : start + AT_ONCE]))
                client.publish(topics.receipts(self._station, self.id), encode(batch), qos=1)
        client.disconnect()
        client.loop_stop()

    def _acknowledged(self, payload: bytes) -> None:
        self._waiting -= set(decode(Acks, payload).receipts)
