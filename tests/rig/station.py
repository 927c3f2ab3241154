"""A small honest station for node tests: signs agendas, publishes clips, stores receipts and acknowledges them."""

import secrets
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from broadcaster.protocol.agenda import Agenda, AgendaItem, ClipRef, Policy, StopOrder
from broadcaster.protocol.clock import ClockQuestion, ClockReply
from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import BrokerAddress, NodeBundle
from broadcaster.protocol.errors import ProtocolError
from broadcaster.protocol.mqtt import chunks, inbox, topics
from broadcaster.protocol.receipts import Acks, Receipt, Receipts
from broadcaster.protocol.signing import public_key, sign_agenda
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.protocol.wants import Wants
from tests.rig.clips import TestClip
from tests.rig.running.busy import stretched

STATION = "conminh"
PATIENCE_SECONDS = 60.0
PASSWORD = "mat-khau-de-thu-nghiem"  # of nodes that live for one test


def item(
    clip: TestClip | Iterable[TestClip],
    *,
    start_at: datetime,
    within_seconds: float = 60,
    kind: BroadcastClass = BroadcastClass.ROUTINE,
    **more: Any,
) -> AgendaItem:
    """A broadcast of these clips, to be over within so many seconds after its start."""
    parts = [clip] if isinstance(clip, TestClip) else list(clip)
    more.setdefault("broadcast", "bc-" + secrets.token_hex(6))
    return AgendaItem(
        parts=tuple(part.ref.sha256 for part in parts),
        broadcast_class=kind,
        start_at=start_at,
        expires_at=start_at + timedelta(seconds=within_seconds),
        duration_ms=sum(part.ref.duration_ms for part in parts),
        **more,
    )


def soon(seconds: float) -> datetime:
    """An instant so many seconds from now."""
    return datetime.now(UTC) + timedelta(seconds=seconds)


class TestStation:
    """Speaks for the station ``conminh`` over a real broker.

    receipts: everything the nodes stated, once each, in the order it came.
    statuses: every status that came.
    wants: every wish that came.
    """

    __test__ = False

    def __init__(self, port: int, *, acknowledge: bool = True) -> None:
        self._port = port
        self.seed = secrets.token_bytes(32)
        self.acknowledge = acknowledge
        self.answer_clock: Callable[[], float] | None = None
        self.receipts: list[Receipt] = []
        self.statuses: list[NodeStatus] = []
        self.wants: list[Wants] = []
        self.batches = 0
        self._numbers: dict[str, int] = {}
        self._known: set[str] = set()
        self._changed = threading.Condition()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="station")
        self._client.on_connect = self._connected
        self._client.on_message = lambda client, data, message: self._arrived(message)
        self._client.reconnect_delay_set(1, 1)

    def __enter__(self) -> "TestStation":
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def bundle(self, node: str, *, port: int | None = None) -> NodeBundle:
        """What ``loa nodes add`` would write for a node."""
        return NodeBundle(
            station=STATION,
            node=node,
            name=node,
            station_key=public_key(self.seed).hex(),
            username=node,
            password=PASSWORD,
            broker=BrokerAddress(host="127.0.0.1", port=port or self._port),
        )

    def publish_clip(self, clip: TestClip, *, only: Iterable[int] | None = None, data: bytes | None = None) -> None:
        """Put the chunks on the broker, retained; ``data`` puts other bytes in their place."""
        for index, payload in enumerate(chunks.split(data or clip.data, clip.ref)):
            if only is None or index in set(only):
                self._publish(topics.chunk(STATION, clip.ref.sha256, index), payload, retain=True)

    def agenda(
        self,
        node: str,
        *items: AgendaItem,
        clips: Iterable[TestClip | ClipRef] = (),
        policy: Policy | None = None,
        stop: StopOrder | None = None,
        number: int | None = None,
        **more: Any,
    ) -> Agenda:
        """The next agenda for a node, not yet published."""
        self._numbers[node] = number or self._numbers.get(node, 0) + 1
        refs = {ref.sha256: ref for ref in (c.ref if isinstance(c, TestClip) else c for c in clips)}
        more.setdefault("expires_at", soon(7 * 86_400))
        return Agenda(
            station=STATION,
            node=node,
            number=self._numbers[node],
            issued_at=datetime.now(UTC),
            items=items,
            clips=tuple(refs.values()),
            policy=policy or Policy(),
            stop=stop,
            **more,
        )

    def publish_agenda(self, agenda: Agenda, *, seed: bytes | None = None) -> bytes:
        """Sign and publish, retained; the token."""
        token = sign_agenda(agenda, seed or self.seed)
        self.publish_token(agenda.node, token)
        return token

    def publish_token(self, node: str, token: bytes) -> None:
        """Put these bytes on the node's agenda topic."""
        self._publish(topics.agenda(STATION, node), token, retain=True)

    def states(self, broadcast: str, *, node: str | None = None) -> list[DeliveryState]:
        """What was stated about a broadcast so far, in the node's order."""
        found = [r for r in list(self.receipts) if r.broadcast == broadcast]
        return [receipt.state for receipt in sorted(found, key=lambda r: r.sequence)]

    def receipt(self, broadcast: str, state: DeliveryState, *, timeout_seconds: float = PATIENCE_SECONDS) -> Receipt:
        """The first receipt of that state; waits for it."""

        def found() -> Receipt | None:
            return next((r for r in self.receipts if r.broadcast == broadcast and r.state is state), None)

        receipt = self.wait(found, timeout_seconds=timeout_seconds)
        assert receipt, f"no {state} of {broadcast}; there were {self.states(broadcast)}"
        return receipt

    def wait(self, condition: Callable[[], Any], *, timeout_seconds: float = PATIENCE_SECONDS) -> Any:
        """Until something that came makes the condition true; its value, falsy after the timeout."""
        until = time.monotonic() + stretched(timeout_seconds)
        with self._changed:
            while not (value := condition()) and time.monotonic() < until:
                self._changed.wait(min(0.2, max(0.0, until - time.monotonic())))
            return value

    def _publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(60)

    def _connected(self, client: mqtt.Client, *_: object) -> None:
        client.subscribe([(f"loa/1/{STATION}/nodes/+/{leaf}", 1) for leaf in ("status", "receipts", "wants", "clock")])

    def _arrived(self, message: mqtt.MQTTMessage) -> None:
        if not message.payload:
            return
        try:
            said = inbox.read(message.topic, bytes(message.payload), station=STATION)
        except ProtocolError:
            return
        with self._changed:
            self._take(said)
            self._changed.notify_all()

    def _take(self, said: object) -> None:
        if isinstance(said, NodeStatus):
            self.statuses.append(said)
        elif isinstance(said, Wants):
            self.wants.append(said)
        elif isinstance(said, Receipts):
            self._store(said)
        elif isinstance(said, ClockQuestion) and self.answer_clock:
            now = self.answer_clock()
            reply = ClockReply(
                node=said.node,
                question=said.question,
                asked_seconds=said.asked_seconds,
                received_seconds=now,
                replied_seconds=self.answer_clock(),
            )
            self._client.publish(topics.clock_reply(STATION, said.node), encode(reply), qos=1)

    def _store(self, said: Receipts) -> None:
        self.batches += 1
        for receipt in said.receipts:
            if receipt.receipt not in self._known:
                self._known.add(receipt.receipt)
                self.receipts.append(receipt)
        if self.acknowledge:
            acks = Acks(node=said.node, receipts=tuple(receipt.receipt for receipt in said.receipts))
            self._client.publish(topics.acks(STATION, said.node), encode(acks), qos=1)
