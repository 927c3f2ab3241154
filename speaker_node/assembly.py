"""Builds a node bottom-up; the agent only drives what stands here."""

import queue
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from broadcaster.protocol.signing import key_id
from speaker_node.body.amplifier import Amplifier, relay
from speaker_node.body.board import Board
from speaker_node.body.health import Health
from speaker_node.body.local_switch import LocalSwitch, contact
from speaker_node.body.watchdog import Watchdog
from speaker_node.clips.clip_store import ClipStore
from speaker_node.clips.supply import ClipSupply
from speaker_node.clock.node_clock import NodeClock
from speaker_node.clock.reading import Clock
from speaker_node.events import Event
from speaker_node.gauges.crossings import Crossings
from speaker_node.gauges.sources import choose_gauges
from speaker_node.gauges.watch import GaugeWatch
from speaker_node.link.connection import DEFAULT_TIMES, BrokerConnection, LinkTimes
from speaker_node.link.reporting import Identity, Reporter
from speaker_node.link.station_link import StationLink
from speaker_node.link.stick import OFF, Stick, places
from speaker_node.link.traffic import Traffic
from speaker_node.memory.records import Records, open_records
from speaker_node.releases.updates import Running, Updates
from speaker_node.screen.node_screen import NodeScreen
from speaker_node.screen.screens import choose_screen
from speaker_node.setup.settings import LocalSettings
from speaker_node.sound.hearing.listening import ClipListener
from speaker_node.sound.live.receiver import LiveReceiver
from speaker_node.sound.play_control import PlayControl
from speaker_node.sound.player.choose import choose_player
from speaker_node.sound.player.playout import Playout
from speaker_node.sound.player.port import Player
from speaker_node.sound.sound_system import SoundSystem

Post = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Substitutes:
    """What a test or a simulation puts in place of the real thing; None takes the real one.

    player, clock: ports.
    times: of the link.
    inbox: where events wait for the loop; the loop waits for nothing but this, so it can run by a clock of its own.
    tick_seconds: how long the loop waits at most.
    records, connection, playout: make that part, which else works with files, or with threads of its own.
    """

    player: Player | None = None
    clock: Clock | None = None
    times: LinkTimes = DEFAULT_TIMES
    inbox: "queue.SimpleQueue[Event] | None" = None
    tick_seconds: float | None = None
    records: Callable[[], Records] | None = None
    connection: Callable[[Post, Callable[[], int]], BrokerConnection] | None = None
    playout: Callable[[Post], Playout] | None = None


@dataclass(frozen=True, slots=True)
class NodeParts:
    """One node: what it remembers, its time, its clips, its ways to the station, its sound, live sound, its board, its
    screen, its gauges, and newer programs for it."""

    records: Records
    clock: Clock
    clips: ClipSupply
    link: StationLink
    sound: SoundSystem
    live: LiveReceiver
    board: Board
    screen: NodeScreen
    updates: Updates
    gauges: GaugeWatch


def assemble(settings: LocalSettings, *, post: Post, substitutes: Substitutes) -> NodeParts:
    """All parts of a node. Raises StorageFault or SettingsRefused when it cannot work at all."""
    bundle, data = settings.bundle, settings.data
    clock = substitutes.clock or NodeClock(bundle.node, memory=data / "clock.json", trust_system=settings.trust_clock)
    records = _records(settings, substitutes)
    store = ClipStore(data / "clips")
    screen = NodeScreen(choose_screen(settings.screen))
    records.outbox.was_shown = screen.has_shown
    board = Board(Health(data), switch=LocalSwitch(data, contact(settings.mute_pin)), watchdog=Watchdog(data))
    connection = _connection(settings, substitutes, post, records)
    live = LiveReceiver(settings.audience, connection)
    traffic = Traffic(records.database, connection)
    playout = _playout(settings, substitutes, post)
    reporter = Reporter(
        _identity(settings),
        link=connection,
        outbox=records.outbox,
        health=lambda: board.read(bytes_this_month=traffic.this_month(clock.read().now_at)),
    )
    return NodeParts(
        records=records,
        clock=clock,
        clips=ClipSupply(node=bundle.node, store=store, connection=connection, quota_bytes=settings.quota_bytes),
        link=StationLink(connection, reporter=reporter, traffic=traffic, stick=_stick(settings, post)),
        sound=_sound(settings, playout, post, (records, store, clock, live)),
        live=live,
        board=board,
        screen=screen,
        updates=Updates(
            data,
            Running.own(settings.launched),
            store,
            audience=settings.audience,
            sound_opens=playout.opens,
            trial_seconds=settings.trial_seconds,
        ),
        gauges=_gauges(settings, records, connection),
    )


def _gauges(settings: LocalSettings, records: Records, connection: BrokerConnection) -> GaugeWatch:
    sources = choose_gauges(settings.gauges, time.monotonic)
    return GaugeWatch(settings.bundle.node, sources, crossings=Crossings(records.database), link=connection)


def _stick(settings: LocalSettings, post: Post) -> Stick | None:
    if settings.usb == OFF:
        return None
    return Stick(settings.audience, seed=settings.receipts_seed, find=lambda: places(settings.usb), post=post)


def _records(settings: LocalSettings, substitutes: Substitutes) -> Records:
    if substitutes.records:
        return substitutes.records()
    return open_records(settings.data, memory=settings.memory, audience=settings.audience)


def _connection(settings: LocalSettings, substitutes: Substitutes, post: Post, records: Records) -> BrokerConnection:
    next_connection = records.connections.next
    if substitutes.connection:
        return substitutes.connection(post, next_connection)
    return BrokerConnection(settings.bundle, post=post, next_connection=next_connection, times=substitutes.times)


def _playout(settings: LocalSettings, substitutes: Substitutes, post: Post) -> Playout:
    if substitutes.playout:
        return substitutes.playout(post)
    return Playout(substitutes.player or choose_player(settings), post)


def _identity(settings: LocalSettings) -> Identity:
    return Identity(
        settings.bundle.node,
        boot=secrets.token_hex(4),
        station_key=key_id(settings.audience.key),
        pre_roll_ms=settings.relay_ms if settings.relay_pin else 0,
    )


def _sound(
    settings: LocalSettings, playout: Playout, post: Post, below: tuple[Records, ClipStore, Clock, LiveReceiver]
) -> SoundSystem:
    """``below`` is what the play control builds on."""
    records, store, clock, live = below
    amplifier = Amplifier(relay(settings.relay_pin), pre_roll_seconds=settings.relay_ms / 1000)
    control = PlayControl(
        playout=playout,
        ledger=records.ledger,
        store=store,
        clock=clock,
        amplifier=amplifier,
        live=live,
        offset_ms=settings.offset_ms,
    )
    return SoundSystem(
        control,
        playout=playout,
        listener=_listener(settings.microphone, post),
        amplifier=amplifier,
        most_percent=settings.volume_percent,
    )


def _listener(device: str, post: Post) -> ClipListener:
    if not device:
        return ClipListener(None, 1, post)
    from speaker_node.sound.hearing.capture import RATE, AlsaMicrophone  # a machine without sound may lack libasound

    return ClipListener(AlsaMicrophone(device), RATE, post)
