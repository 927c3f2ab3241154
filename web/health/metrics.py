"""``/metrics``: what the tables and the parts' signs of life say, in Prometheus' text, written by its own library."""

import threading
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy.orm import Session

from broadcaster.backups.files.manifest import program
from broadcaster.protocol.values import ClockState
from broadcaster.station.database import disk_space
from broadcaster.station.matters import readiness
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.board import NodeView
from broadcaster.station.notices import history
from broadcaster.station.records import measurements
from broadcaster.station.records.measurements import Lasting
from broadcaster.station.records.state_counts import state_counts
from broadcaster.station.rows import backup_states, heartbeats, processes
from web.matters import hindrances
from web.shell.services import services

REFUSED = "refused_"
SECONDS = (0.5, 1, 1.5, 2, 3, 5, 10, 30, 60, 300)
RENDERING_SECONDS = (1, 2, 5, 10, 20, 60, 120, 300, 600)
STATES = {
    "loa_announcements": ("announcements", "Announcements by state."),
    "loa_broadcasts": ("broadcasts", "Broadcasts by state."),
    "loa_deliveries": ("deliveries", "Deliveries by state."),
    "loa_render_jobs": ("render_jobs", "Render jobs by state."),
}


class Measurements:
    """Of one console; histograms count from its start, as Prometheus expects of whatever is started anew."""

    def __init__(self, since_at: datetime) -> None:
        self._since_at = since_at
        self._lock = threading.Lock()
        self._seen: dict[str, datetime] = {}
        self._registry = CollectorRegistry()
        self._press = Histogram(
            "loa_press_to_sound_seconds",
            "From a person's order to the first sample at a node.",
            buckets=SECONDS,
            registry=self._registry,
        )
        self._rendering = Histogram(
            "loa_rendering_seconds",
            "From the first touch of a job to its finished clip.",
            buckets=RENDERING_SECONDS,
            registry=self._registry,
        )

    def written(self, s: Session, *, now_at: datetime) -> bytes:
        """All of it."""
        with self._lock:
            self._observe(s, now_at)
            registry = CollectorRegistry()
            registry.register(_Collected(list(_families(s, now_at))))
            return generate_latest(registry) + generate_latest(self._registry)

    def _observe(self, s: Session, now_at: datetime) -> None:
        """What ended since the last look; each once, however often it is seen."""
        since_at = max(self._since_at, now_at - measurements.REMEMBERED)
        self._seen = {id_: at for id_, at in self._seen.items() if at > now_at - 2 * measurements.REMEMBERED}
        self._count(self._press, measurements.press_to_sound(s, since_at=since_at), now_at)
        self._count(self._rendering, measurements.renderings(s, since_at=since_at), now_at)

    def _count(self, histogram: Histogram, lasting: Iterable[Lasting], now_at: datetime) -> None:
        for each in lasting:
            if each.id not in self._seen:
                histogram.observe(each.seconds)
            self._seen[each.id] = now_at


class _Collected:
    """What was gathered before, as the library wants to ask for it."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        return self._families


def _families(s: Session, now_at: datetime) -> Iterator[Metric]:
    yield _gauge("loa_build", "The program that runs; always 1.", {"version": program()}, 1)
    for name, (kind, meaning) in STATES.items():
        yield _labelled(name, meaning, "state", state_counts(s, kind))
    yield from _counted(s)
    yield from _parts(s, now_at)
    yield from _backups(s)
    views = nodes.board(s, now_at=now_at)
    presences = dict.fromkeys(("online", "offline", "unknown", "never"), 0)
    for view in views:
        presences[view.presence] += 1
    yield _labelled("loa_nodes", "Nodes by presence.", "presence", presences)
    yield from _each_node(views, now_at)
    yield from _soon(s, now_at)


def _counted(s: Session) -> Iterator[Metric]:
    made = GaugeMetricFamily("loa_deliveries_by_class", "Deliveries by class and outcome.", labels=["class", "outcome"])
    for broadcast_class, outcome, count in measurements.deliveries(s):
        made.add_metric([broadcast_class, outcome], count)
    yield made
    clips = CounterMetricFamily("loa_clips", "Clips by the engine that spoke.", labels=["engine"])
    fallbacks = CounterMetricFamily("loa_clip_fallbacks", "Clips an engine spoke for another one.", labels=["engine"])
    for engine, count, fallen in measurements.clips_by_engine(s):
        clips.add_metric([engine], count)
        fallbacks.add_metric([engine], fallen)
    yield clips
    yield fallbacks
    messages = GaugeMetricFamily(
        "loa_notice_messages", "Messages to people by channel and state.", labels=["channel", "state"]
    )
    for kind, state, count in history.counts(s):
        messages.add_metric([kind.value, state.value], count)
    yield messages
    yield _labelled("loa_matters", "What nobody has dealt with, by kind.", "kind", measurements.open_matters(s))


def _parts(s: Session, now_at: datetime) -> Iterator[Metric]:
    beats = heartbeats.read(s)
    ages = {name: (now_at - beat.at).total_seconds() for name, beat in beats.items()}
    yield _labelled("loa_heartbeat_age_seconds", "Seconds since a part last gave a sign of life.", "part", ages)
    signs = {f"{each.detail.get('host')}:{each.detail.get('pid')}": each.at for each in processes.read(s)}
    silent = {process: (now_at - at).total_seconds() for process, at in signs.items()}
    yield _labelled("loa_process_age_seconds", "Seconds since a station process gave a sign.", "process", silent)
    publisher = beats.get("publisher")
    counts: dict[str, int] = publisher.detail.get("counts", {}) if publisher else {}
    refused = CounterMetricFamily("loa_refused_messages", "Messages refused, by reason.", labels=["reason"])
    happened = CounterMetricFamily("loa_wire_events", "What happened between station and nodes.", labels=["event"])
    for name, count in sorted(counts.items()):
        family, label = (refused, name.removeprefix(REFUSED)) if name.startswith(REFUSED) else (happened, name)
        family.add_metric([label], count)
    yield refused
    yield happened
    seen = dict.fromkeys(hindrances.seen(), 1)
    yield _labelled("loa_hindrance", "What hinders the station just now; 1 while it does.", "name", seen)
    free = disk_space.free_bytes(services().config.data_dir)
    yield _gauge("loa_disk_free_bytes", "Room left where the station's data lie.", {}, free)


def _backups(s: Session) -> Iterator[Metric]:
    state = backup_states.read(s)
    good = GaugeMetricFamily("loa_backup_good_timestamp_seconds", "When the last good one was made.", labels=["place"])
    copies = GaugeMetricFamily("loa_backup_copies", "How many lie there.", labels=["place"])
    failed = GaugeMetricFamily("loa_backup_failed", "1 when the last try did not succeed.", labels=["place"])
    for each in state.places if state else ():
        good.add_metric([each.place], each.good_at.timestamp() if each.good_at else 0)
        copies.add_metric([each.place], each.copies)
        failed.add_metric([each.place], int(each.fault is not None or (state is not None and state.fault is not None)))
    yield from (good, copies, failed)
    damaged = len(state.damaged) if state else 0
    yield _gauge("loa_backup_damaged_files", "Files not as they should be at the last backup.", {}, damaged)


def _soon(s: Session, now_at: datetime) -> Iterator[Metric]:
    wanted = ready = 0
    for each in readiness.soon(s, now_at=now_at):
        wanted, ready = wanted + len(each.nodes), ready + each.ready
    yield _gauge("loa_readiness_nodes", "Nodes meant by what begins within ten minutes.", {}, wanted)
    yield _gauge("loa_readiness_ready", "Those of them that will sound as they should.", {}, ready)


def _each_node(views: Iterable[NodeView], now_at: datetime) -> Iterator[Metric]:
    families = {
        name: GaugeMetricFamily(f"loa_node_{name}", meaning, labels=["node"]) for name, meaning in NODE_GAUGES.items()
    }
    for view in views:
        for name, value in _of_node(view, now_at).items():
            if value is not None:
                families[name].add_metric([view.node.id], float(value))
    yield from families.values()


NODE_GAUGES = {
    "online": "1 while it is connected.",
    "faults": "What keeps it from being ready, and does not pass by itself or does.",
    "sound_failed": "1 when its sound device failed at its last play.",
    "seen_age_seconds": "Since it was last heard.",
    "clips_missing": "Clips not yet on its disk.",
    "agenda_number": "Of the agenda it obeys.",
    "clock_synced": "1 while its clock is held by time synchronisation.",
    "clock_offset_seconds": "How far its clock is ahead of the station's.",
    "volume_percent": "What is set.",
    "stopped": "1 while a stop-all is in force on it.",
    "muted": "1 while its switch is off.",
    "temperature_celsius": "Of its processor.",
    "under_voltage": "1 when its supply sagged.",
    "free_bytes": "Room on its card.",
    "link_bytes_this_month": "Both ways, since the first of the month.",
    "signal_percent": "Of its modem.",
    "heard": "1 when its microphone heard the latest clip, 0 when it did not.",
}


def _of_node(view: NodeView, now_at: datetime) -> dict[str, float | None]:
    state = view.state
    found: dict[str, float | None] = {
        "online": view.presence == "online",
        "faults": len(view.reasons),
        "sound_failed": view.sound_fault is not None,
    }
    if state is None:
        return found
    health = state.health
    return found | {
        "seen_age_seconds": max((now_at - state.seen_at) / timedelta(seconds=1), 0.0) if state.seen_at else None,
        "clips_missing": state.clips_missing,
        "agenda_number": state.agenda_number,
        "clock_synced": state.clock is ClockState.SYNCED,
        "clock_offset_seconds": None if state.clock_offset_ms is None else state.clock_offset_ms / 1000,
        "volume_percent": state.volume_percent,
        "stopped": state.stopped,
        "muted": state.muted,
        "temperature_celsius": health.get("temperature_celsius"),
        "under_voltage": health.get("under_voltage"),
        "free_bytes": health.get("free_bytes"),
        "link_bytes_this_month": health.get("bytes_this_month"),
        "signal_percent": health.get("signal_percent"),
        "heard": health.get("heard"),
    }


def _gauge(name: str, meaning: str, labels: dict[str, str], value: float) -> Metric:
    made = GaugeMetricFamily(name, meaning, labels=list(labels))
    made.add_metric(list(labels.values()), value)
    return made


def _labelled(name: str, meaning: str, label: str, values: dict[str, int] | dict[str, float]) -> Metric:
    made = GaugeMetricFamily(name, meaning, labels=[label])
    for each, value in values.items():
        made.add_metric([each], value)
    return made
