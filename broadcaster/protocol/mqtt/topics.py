"""The topic tree ``loa/1/{station}/…``: built here, parsed here, written nowhere else."""

import re
from dataclasses import dataclass

from broadcaster.protocol.errors import Malformed

ROOT = "loa/1"
_TOPIC = re.compile(
    r"^loa/1/(?P<station>[a-z0-9][a-z0-9-]{0,47})/"
    r"(?:nodes/(?P<node>[a-z0-9][a-z0-9-]{0,47})/(?P<leaf>agenda|wants|status|receipts|acks|clock(?:/reply)?)"
    r"|clips/(?P<sha256>[0-9a-f]{64})/(?P<index>0|[1-9][0-9]{0,5})"
    r"|live/(?P<session>[A-Za-z0-9_-]{8,64})/(?P<seq>0|[1-9][0-9]{0,8})"
    r"|sensors/(?P<sender>[a-z0-9][a-z0-9_-]{0,47}))\Z"
)


@dataclass(frozen=True, slots=True)
class NodeTopic:
    """station, node: whose; leaf: what follows the node's name, such as ``status`` or ``clock/reply``."""

    station: str
    node: str
    leaf: str


@dataclass(frozen=True, slots=True)
class ChunkTopic:
    """station: whose; sha256: the clip; index: the chunk, counted from 0."""

    station: str
    sha256: str
    index: int


@dataclass(frozen=True, slots=True)
class LiveTopic:
    """station: whose; session: of which live sound; seq: number of the packet."""

    station: str
    session: str
    seq: int


@dataclass(frozen=True, slots=True)
class SensorTopic:
    """station: whose; sender: who says it, a gauge with an account of its own or a node."""

    station: str
    sender: str


def agenda(station: str, node: str) -> str:
    return f"{ROOT}/{station}/nodes/{node}/agenda"


def wants(station: str, node: str) -> str:
    return f"{ROOT}/{station}/nodes/{node}/wants"


def status(station: str, node: str) -> str:
    return f"{ROOT}/{station}/nodes/{node}/status"


def receipts(station: str, node: str) -> str:
    return f"{ROOT}/{station}/nodes/{node}/receipts"


def acks(station: str, node: str) -> str:
    return f"{ROOT}/{station}/nodes/{node}/acks"


def clock(station: str, node: str) -> str:
    return f"{ROOT}/{station}/nodes/{node}/clock"


def clock_reply(station: str, node: str) -> str:
    return f"{ROOT}/{station}/nodes/{node}/clock/reply"


def chunk(station: str, sha256: str, index: int) -> str:
    return f"{ROOT}/{station}/clips/{sha256}/{index}"


def live(station: str, session: str, seq: int) -> str:
    return f"{ROOT}/{station}/live/{session}/{seq}"


def live_filter(station: str, session: str) -> str:
    """Every packet of a session."""
    return f"{ROOT}/{station}/live/{session}/+"


def sensor(station: str, sender: str) -> str:
    return f"{ROOT}/{station}/sensors/{sender}"


def parse(topic: str) -> NodeTopic | ChunkTopic | LiveTopic | SensorTopic:
    """Who and what a topic is about. Raises Malformed for anything outside the tree."""
    found = _TOPIC.match(topic)
    if not found:
        raise Malformed(f"no such topic in the tree: {topic[:200]!r}", field="topic")
    if found["sha256"]:
        return ChunkTopic(found["station"], found["sha256"], int(found["index"]))
    if found["session"]:
        return LiveTopic(found["station"], found["session"], int(found["seq"]))
    if found["sender"]:
        return SensorTopic(found["station"], found["sender"])
    return NodeTopic(found["station"], found["node"], found["leaf"])
