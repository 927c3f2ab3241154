"""Many nodes that answer, in one loop of a process of their own: each fetches the clips of a new agenda chunk by chunk,
says its status, states that it holds each broadcast, and says so again until the station has acknowledged it.

Written on sockets like ``bench.rig.listeners``, because what measures must cost less than what it measures. Signatures
and checksums are not looked at: that is the nodes' work, and each node has a processor of its own.
"""

import base64
import heapq
import multiprocessing
import resource
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection

import msgspec

from bench.rig.listeners import Account, connected, packet, text
from broadcaster.protocol.agenda import Agenda
from broadcaster.protocol.codec import encode
from broadcaster.protocol.mqtt import chunks, topics
from broadcaster.protocol.receipts import Acks, Receipt, Receipts
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import DeliveryState

WINDOW = 4
"""Chunks asked for at once, as a node does."""
AGAIN_SECONDS = 5.0
"""Until what is not acknowledged is said a second time; each further wait is twice as long, as a node's."""
READ_BYTES = 1 << 18
LOOK_SECONDS = 0.1
PUBLISH, PUBACK, SUBSCRIBE = 0x32, 0x40, 0x82

_agendas = msgspec.json.Decoder(Agenda)
_acks = msgspec.json.Decoder(Acks)


class AnsweringNodes:
    """Their process; they are connected and follow their agendas when this returns."""

    def __init__(self, port: int, accounts: Sequence[Account], station: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_answer, args=(port, list(accounts), station, theirs), daemon=True)
        self._process.start()
        self._pipe.recv()

    def close(self) -> None:
        self._pipe.send("end")
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()

    def said_again(self) -> int:
        """How many receipts had to be sent more than once so far."""
        self._pipe.send("said again")
        return int(self._pipe.recv())


@dataclass(slots=True)
class _Node:
    """data: bytes that are no whole packet yet. lacking: chunks to be asked for; awaited: those asked for. clips, held:
    what it has, and the broadcasts it stated so of. outbox: receipts the station has not acknowledged."""

    account: Account
    socket: socket.socket
    data: bytearray = field(default_factory=bytearray)
    number: int = 0
    agenda: Agenda | None = None
    lacking: list[tuple[str, int]] = field(default_factory=list)
    awaited: set[tuple[str, int]] = field(default_factory=set)
    clips: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    outbox: dict[str, Receipt] = field(default_factory=dict)
    messages: int = 0


class _Answering:
    def __init__(self, port: int, accounts: Sequence[Account], station: str) -> None:
        self.said_again = 0
        self._station = station
        self._again: list[tuple[float, str, float, _Node]] = []
        self._selector = selectors.DefaultSelector()
        for account in accounts:
            node = _Node(account, connected(port, account))
            self._selector.register(node.socket, selectors.EVENT_READ, node)

    def round(self) -> None:
        for key, _ in self._selector.select(timeout=LOOK_SECONDS):
            node: _Node = key.data
            found = node.socket.recv(READ_BYTES)
            if not found:
                self._selector.unregister(node.socket)
            node.data += found
            for topic, payload in _messages(node):
                self._hear(node, topic, payload)
        while self._again and self._again[0][0] <= time.monotonic():
            _, receipt, pause_seconds, node = heapq.heappop(self._again)
            if receipt in node.outbox:
                self.said_again += 1
                self._state(node, [node.outbox[receipt]], 2 * pause_seconds)

    def _hear(self, node: _Node, topic: str, payload: bytes) -> None:
        where = topics.parse(topic)
        if isinstance(where, topics.ChunkTopic):
            node.awaited.discard((where.sha256, where.index))
            self._go_on(node)
        elif isinstance(where, topics.NodeTopic) and where.leaf == "acks":
            for receipt in _acks.decode(payload).receipts:
                node.outbox.pop(receipt, None)
        elif payload:
            node.agenda = agenda = _agendas.decode(_claims(payload))
            new = [clip for clip in agenda.clips if clip.sha256 not in node.clips]
            node.clips.update(clip.sha256 for clip in new)
            node.lacking += [(clip.sha256, index) for clip in new for index in range(chunks.count(clip))]
            if new:
                self._say_status(node)
            self._go_on(node)

    def _go_on(self, node: _Node) -> None:
        """Ask for the next chunks; without any left everything is held."""
        if not node.lacking and not node.awaited and node.agenda is not None:
            new = [each.broadcast for each in node.agenda.items if each.broadcast not in node.held]
            node.held.update(new)
            self._say_status(node)
            self._state(node, [self._stored(node, broadcast) for broadcast in new], AGAIN_SECONDS)
        while node.lacking and len(node.awaited) < WINDOW:
            sha256, index = node.lacking.pop(0)
            node.awaited.add((sha256, index))
            topic = topics.chunk(self._station, sha256, index)
            node.socket.sendall(packet(SUBSCRIBE, b"\x00\x02" + text(topic) + b"\x01"))

    def _stored(self, node: _Node, broadcast: str) -> Receipt:
        node.number += 1
        name = f"{node.account.name}-{node.number:08}"
        at = datetime.now(UTC)
        return Receipt(receipt=name, broadcast=broadcast, state=DeliveryState.STORED, at=at, sequence=node.number)

    def _state(self, node: _Node, receipts: Sequence[Receipt], pause_seconds: float) -> None:
        if not receipts:
            return
        message = Receipts(node=node.account.name, receipts=tuple(receipts))
        self._publish(node, topics.receipts(self._station, node.account.name), encode(message))
        for each in receipts:
            node.outbox[each.receipt] = each
            heapq.heappush(self._again, (time.monotonic() + pause_seconds, each.receipt, pause_seconds, node))

    def _say_status(self, node: _Node) -> None:
        missing = len({sha256 for sha256, _ in (*node.lacking, *node.awaited)})
        number = node.agenda.number if node.agenda else 0
        said = NodeStatus(
            node=node.account.name,
            connection=1,
            online=True,
            at=datetime.now(UTC).replace(microsecond=0),
            agenda_number=number,
            highest_number=number,
            clips_missing=missing,
            boot="bench",
        )
        self._publish(node, topics.status(self._station, node.account.name), encode(said), retain=True)

    def _publish(self, node: _Node, topic: str, payload: bytes, *, retain: bool = False) -> None:
        node.messages = node.messages % 60_000 + 1
        number = (node.messages + 5).to_bytes(2, "big")
        node.socket.sendall(packet(PUBLISH | retain, text(topic) + number + payload))


def _messages(node: _Node) -> Iterator[tuple[str, bytes]]:
    """Each whole message that has come, acknowledged."""
    at, data, answers, found = 0, node.data, bytearray(), []
    while (end := _end_of_length(data, at)) is not None:
        length = sum((data[at + 1 + place] & 0x7F) << 7 * place for place in range(end - at - 1))
        if len(data) < end + length:
            break
        if data[at] >> 4 == PUBLISH >> 4:
            head = end + 2 + int.from_bytes(data[end : end + 2], "big")
            body = head
            if data[at] & 6:
                answers += bytes((PUBACK, 2)) + data[head : head + 2]
                body = head + 2
            found.append((data[end + 2 : head].decode(), bytes(data[body : end + length])))
        at = end + length
    del data[:at]
    if answers:
        node.socket.sendall(answers)
    yield from found


def _end_of_length(data: bytearray, at: int) -> int | None:
    """Where the body of the packet begins; None while its length has not all come."""
    for end in range(at + 1, min(len(data), at + 5)):
        if not data[end] & 0x80:
            return end + 1
    return None


def _claims(token: bytes) -> bytes:
    body = token.split(b".")[1]
    return base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4))


def _answer(port: int, accounts: Sequence[Account], station: str, pipe: Connection) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    nodes = _Answering(port, accounts, station)
    pipe.send("ready")
    while True:
        nodes.round()
        if pipe.poll():
            if pipe.recv() == "end":
                return
            pipe.send(nodes.said_again)
