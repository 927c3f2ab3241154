"""Builds a node bottom-up; the agent only drives what stands here."""

import queue
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from broadcaster.protocol.signing import key_id
from broadcaster.protocol.status import NodeHealth
from speaker_node.body.amplifier import Amplifier, relay
from speaker_node.body.health import Health
from speaker_node.body.local_switch import Mute, contact
from speaker_node.body.watchdog import Watchdog
from speaker_node.clips.clip_store import Library
from speaker_node.clips.supply import Supply
from speaker_node.clock.node_clock import Clock, NodeClock
from speaker_node.events import Event
from speaker_node.link.connection import DEFAULT_TIMES, Link, LinkTimes
from speaker_node.link.reporting import Identity, Reporter
from speaker_node.link.stick import Stick, places
from speaker_node.link.traffic import Traffic
from speaker_node.memory.agenda_store import AgendaBook
from speaker_node.memory.card_recovery import Homecoming
from speaker_node.memory.connection_numbers import ConnectionNumbers
from speaker_node.memory.database import Database
from speaker_node.memory.ledger import Ledger
from speaker_node.memory.memory_loss import MemoryLoss
from speaker_node.memory.outbox import Outbox
from speaker_node.setup.settings import Settings
from speaker_node.sound.hearing import listening as ear
from speaker_node.sound.play_control import Stage
from speaker_node.sound.player.choose import choose_player
from speaker_node.sound.player.playout import Playout
from speaker_node.sound.player.port import Player


@dataclass(frozen=True, slots=True)
class Substitutes:
    """What a test or a simulation puts in place of the real thing; None takes the real one.

    player, clock: ports.
    times: of the link.
    inbox: where events wait for the loop; the loop waits for nothing but this, so it can run by a clock of its own.
    """

    player: Player | None = None
    clock: Clock | None = None
    times: LinkTimes = DEFAULT_TIMES
    inbox: "queue.SimpleQueue[Event] | None" = None


@dataclass(frozen=True, slots=True)
class Rooms:
    """The parts of one node, each built from those before it."""

    clock: Clock
    database: Database
    memory_loss: MemoryLoss
    outbox: Outbox
    ledger: Ledger
    library: Library
    book: AgendaBook
    health: Health
    connections: ConnectionNumbers
    link: Link
    traffic: Traffic
    playout: Playout
    amplifier: Amplifier
    stage: Stage
    supply: Supply
    reporter: Reporter
    watchdog: Watchdog
    stick: Stick
    mute: Mute
    homecoming: Homecoming
    ear: ear.Ear


def assemble(settings: Settings, *, post: Callable[[Event], None], substitutes: Substitutes) -> Rooms:
    """All parts of a node. Raises StorageFault or SettingsRefused when it cannot work at all."""
    bundle, data, offset_ms = settings.bundle, settings.data, settings.offset_ms
    clock = substitutes.clock or NodeClock(bundle.node, memory=data / "clock.json", trust_system=settings.trust_clock)
    database, outbox, ledger = _records(data / "ledger.db", settings.memory)
    book = AgendaBook(data / "agenda.jws", database, settings.audience)
    library = Library(data / "clips")
    health = Health(data)
    connections = ConnectionNumbers(database)
    link = Link(bundle, post=post, next_connection=connections.next, times=substitutes.times)
    traffic = Traffic(database, link)
    playout = Playout(substitutes.player or choose_player(settings), post)
    amplifier = Amplifier(relay(settings.relay_pin), pre_roll_seconds=settings.relay_ms / 1000)
    return Rooms(
        clock=clock,
        database=database,
        memory_loss=MemoryLoss(database),
        outbox=outbox,
        ledger=ledger,
        library=library,
        book=book,
        health=health,
        connections=connections,
        link=link,
        traffic=traffic,
        playout=playout,
        amplifier=amplifier,
        stage=Stage(
            playout=playout, ledger=ledger, library=library, clock=clock, amplifier=amplifier, offset_ms=offset_ms
        ),
        supply=Supply(node=bundle.node, library=library, link=link, quota_bytes=settings.quota_bytes),
        reporter=_reporter(
            _identity(settings),
            link,
            outbox,
            lambda: health.read(bytes_this_month=traffic.this_month(clock.read().now_at)),
        ),
        watchdog=Watchdog(data),
        stick=Stick(settings.audience, seed=settings.receipts_seed, find=lambda: places(settings.usb), post=post),
        mute=Mute(data, contact(settings.mute_pin)),
        homecoming=Homecoming(database, book, health),
        ear=_ear(settings.microphone, post),
    )


def _records(path: Path, memory: Path) -> tuple[Database, Outbox, Ledger]:
    database = Database(path, memory=memory)
    outbox = Outbox(database)
    return database, outbox, Ledger(database, outbox)


def _ear(device: str, post: Callable[[Event], None]) -> ear.Ear:
    if not device:
        return ear.Ear(None, 1, post)
    from speaker_node.sound.hearing.capture import (  # a machine without sound need not have libasound
        RATE,
        AlsaMicrophone,
    )

    return ear.Ear(AlsaMicrophone(device), RATE, post)


def _reporter(identity: Identity, link: Link, outbox: Outbox, body: Callable[[], NodeHealth]) -> Reporter:
    return Reporter(identity, link=link, outbox=outbox, health=body)


def _identity(settings: Settings) -> Identity:
    return Identity(settings.bundle.node, boot=secrets.token_hex(4), station_key=key_id(settings.audience.key))
