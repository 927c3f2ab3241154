"""The two services of a station, built bottom-up and stopped in reverse: for systemd, and as children of `loa run`."""

import argparse
import fcntl
import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster import config as configuration
from broadcaster.certificates.listeners import require_encrypted
from broadcaster.config import Config
from broadcaster.errors import LoaError, Unavailable
from broadcaster.refusals.sentences import terminal_line
from broadcaster.station.database.engine import Database
from broadcaster.station.upkeep import cell_folder, opening
from loa.certificate_watch import CertificateWatch
from loa.heartbeat_thread import HeartbeatThread
from loa.settings_watch import SettingsWatch

if TYPE_CHECKING:
    from broadcaster.delivery.enrolment.server import EnrolmentServer
    from broadcaster.delivery.service import DeliveryService
    from broadcaster.station.nodes.station_key import StationIdentity

Within = tuple[ExitStack, threading.Event]
Builder = Callable[[Config, ExitStack, threading.Event], None]
"""Starts everything and registers on the stack how to stop it; the event is set when the service shall end."""


def station(argv: Sequence[str]) -> int:
    """``loa station``: the broker if it is ours, delivery, rendering and the scheduler, until SIGTERM or Ctrl-C.

    ``loa station take-over`` and ``loa station accept-key`` are commands of their own.
    """
    if argv[:1] == ["take-over"]:
        from broadcaster.commands import take_over

        return take_over.main(argv[1:])
    if argv[:1] == ["accept-key"]:
        from broadcaster.commands import accept_key

        return accept_key.main(argv[1:])
    return _serve(argv, "station", _build_station)


def web(argv: Sequence[str]) -> int:
    """``loa web``: the console and the API, until SIGTERM or Ctrl-C."""
    return _serve(argv, "web", _build_web)


def province(argv: Sequence[str]) -> int:
    """``loa province``: the console of a level above, with the exchange that communes ask, until SIGTERM or Ctrl-C."""
    return _serve(argv, "province", _build_province)


def now() -> datetime:
    return datetime.now(UTC)


def open_database(config: Config, parts: ExitStack) -> Database:
    """The database at its newest schema, closed with ``parts``; meanwhile nothing is restored over it.

    Raises LoaError where database, key and clips do not belong together."""
    _mark_in_use(config.data_dir, parts)
    database = opening.open_current(config)
    parts.callback(database.dispose)
    cell_folder.settle_clips(database, config.clips_dir, now_at=now())
    return database


def _mark_in_use(data_dir: Path, parts: ExitStack) -> None:
    """Shared by all services of this data folder; ``loa restore`` wants it alone. Raises Unavailable."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = parts.enter_context((data_dir / "in-use.lock").open("a"))
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        raise Unavailable("data_dir.unusable", folder=data_dir, cause=error.strerror) from None


def _serve(argv: Sequence[str], name: str, build: Builder) -> int:
    parser = argparse.ArgumentParser(prog=f"loa {name}")
    parser.add_argument("--config", type=Path, help="tệp cấu hình; mặc định là config.yaml trong thư mục hiện tại")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with ExitStack() as parts:
            config = configuration.load(arguments.config)
            _thread("settings", SettingsWatch(config.data_dir).run, parts, stop)
            build(config, parts, stop)
            stop.wait()
    except LoaError as error:
        print(terminal_line(error), file=sys.stderr)
        return 2 if error.field else 1
    return 0


def _build_station(config: Config, parts: ExitStack, stop: threading.Event) -> None:
    # Imported here: the console has no use for the voices and the scheduler, nor the station for Flask.
    from broadcaster.audio.copies.making import CopyMaker
    from broadcaster.delivery.broker.choice import choose
    from broadcaster.delivery.service import DeliveryService
    from broadcaster.station.clips import voices
    from broadcaster.station.nodes.station_key import StationIdentity
    from broadcaster.station_clock import HINDRANCE, Sources, StationClock, last_known
    from scheduler.service import SchedulerService

    require_encrypted(config)
    database = open_database(config, parts)
    database.reserve_room()
    database.prepare_spare()
    with database.session() as s:
        voices.settle_region(s, config.speech.region)
        known = last_known(s)
    own_clock = StationClock(Sources(now), trust=config.station.trust_clock, known=known)
    identity = StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id)
    clock = own_clock.now
    delivery = DeliveryService(database, identity, choose(config), config.clips_dir, clock, settings=config.delivery)
    delivery.vouch_by(own_clock)
    delivery.watch(HINDRANCE, lambda: not own_clock.vouched)
    delivery.start()
    parts.callback(delivery.stop)
    enrolment = _open_enrolment(config, delivery, clock, parts)
    certificates = CertificateWatch((delivery.broker.look_at_certificate, enrolment.look_at_certificate))
    _thread("certificates", certificates.run, parts, stop)
    _make_clips(config, database, clock, parts, stop)
    _thread("copies", CopyMaker(config.clips_dir, bitrate_bps=config.audio.m4a_bitrate_bps).run, parts, stop)
    scheduler = SchedulerService(
        database, config, clock, vouched=lambda: own_clock.vouched, proven=lambda: own_clock.proven
    )
    scheduler.start()
    parts.callback(scheduler.stop)
    _take_from_outside(config, database, clock, (parts, stop))
    _exchange(config, database, identity, clock, (parts, stop))
    _call_people(config, database, seed=identity.seed, clock=clock, within=(parts, stop))
    _send_live(config, (database, identity, delivery), clock, (parts, stop))
    _thread("heart", HeartbeatThread("station", database, clock, keep=own_clock.keep).run, parts, stop)


def _send_live(
    config: Config,
    sent_by: "tuple[Database, StationIdentity, DeliveryService]",
    clock: Callable[[], datetime],
    running: tuple[ExitStack, threading.Event],
) -> None:
    """Microphones and relays go on air from here."""
    from nacl.signing import SigningKey

    from broadcaster.live.on_air import Surroundings
    from broadcaster.live.runner import LiveRunner

    database, identity, delivery = sent_by
    around = Surroundings(
        database=database,
        data_dir=config.data_dir.absolute(),
        clips_dir=config.clips_dir,
        station=identity.station,
        key=SigningKey(identity.seed),
        publish=delivery.publish_live,
        clock=clock,
    )
    _thread("live", LiveRunner(around, config.audio, config.relay).run, *running)


def _make_clips(
    config: Config, database: Database, clock: Callable[[], datetime], parts: ExitStack, stop: threading.Event
) -> None:
    """The worker that makes clips, and the look at the voices it has for them."""
    from broadcaster.production import Production
    from broadcaster.rendering import build_renderer
    from broadcaster.station.upkeep.ready_texts import ReadyTextsThread
    from broadcaster.voice_keeping import proof_hearing
    from broadcaster.voice_keeping.keeper import VoiceKeeper

    renderer = build_renderer(config)
    _thread("production", Production(database, renderer, config.clips_dir, clock).run, parts, stop)
    _thread("voices", VoiceKeeper(database, config, renderer.chain, clock).run, parts, stop)
    _thread("proof-hearing", proof_hearing.build(database, config, renderer.chain, clock).run, parts, stop)
    _thread("ready-texts", ReadyTextsThread(database, clock).run, parts, stop)


def _open_enrolment(
    config: Config, delivery: "DeliveryService", clock: Callable[[], datetime], parts: ExitStack
) -> "EnrolmentServer":
    from broadcaster.delivery.enrolment.server import EnrolmentServer

    enrolment = EnrolmentServer(config, clock)
    enrolment.start()
    delivery.watch("enrolment_crowded", lambda: enrolment.crowded)
    delivery.watch("enrolment_closed", lambda: enrolment.closed)
    parts.callback(enrolment.stop)
    return enrolment


def _take_from_outside(config: Config, database: Database, clock: Callable[[], datetime], within: Within) -> None:
    """Warnings of others, the voices of residents, and streams that are relayed."""
    from broadcaster.alert_feeds import AlertFeeds
    from broadcaster.feedback_voices import FeedbackVoices
    from broadcaster.relay_taking import RelayTaking
    from broadcaster.station.feedback.voices import FOLDER

    _thread("alert-feeds", AlertFeeds(database, clock, timing=config.schedule).run, *within)
    _thread("voices", FeedbackVoices(database, config.data_dir / FOLDER, config.audio).run, *within)
    _thread("relays", RelayTaking(database, config, clock).run, *within)


def _exchange(
    config: Config, database: Database, identity: "StationIdentity", clock: Callable[[], datetime], within: Within
) -> None:
    """Levels above are asked and reported to; see ``docs/exchange.md``."""
    from broadcaster.exchange.link import Commune
    from broadcaster.exchange.runner import ExchangeRunner

    commune = Commune(
        database=database,
        identity=identity,
        clips_dir=config.clips_dir,
        clock=clock,
        name=config.station.name,
        most_sound_bytes=config.audio.largest_upload_megabytes * 1_000_000,
    )
    _thread("exchange", ExchangeRunner(commune).run, *within)


def _call_people(
    config: Config,
    database: Database,
    *,
    seed: bytes,
    clock: Callable[[], datetime],
    within: tuple[ExitStack, threading.Event],
) -> None:
    """Notices go out to people; see ``docs/notices.md``."""
    from broadcaster.notices.senders import build_senders
    from broadcaster.notices.service import NoticeService
    from broadcaster.station.notices.sealing import Sealer

    sealer = Sealer(seed)
    senders = build_senders(config.notices, database, sealer=sealer, clock=clock)
    service = NoticeService(database, senders, sealer=sealer, clock=clock, public_url=config.web.public_url)
    _thread("notices", service.run, *within)


def _build_web(config: Config, parts: ExitStack, stop: threading.Event) -> None:
    from broadcaster.certificates import server_certificate
    from broadcaster.station_clock import AskedClock, Sources
    from web.app import create_app
    from web.serve import listen, serve_on

    require_encrypted(config)
    certificate = server_certificate.of_console(config, now)
    database = open_database(config, parts)
    database.prepare_spare()
    listening = listen(config.web.host, config.web.port)
    parts.callback(listening.close)
    app = create_app(config, database, clock=AskedClock(database, Sources(now)))
    _thread("web", lambda end: serve_on(app, listening, end, certificate=certificate), parts, stop)


def _build_province(config: Config, parts: ExitStack, stop: threading.Event) -> None:
    """The console of every station, and the chores that a commune's station does."""
    from loa.province import chores

    database = open_database(config, parts)
    _thread("heart", chores.begin(config, database, now, parts), parts, stop)
    _build_web(chores.of_console(config), parts, stop)


def _thread(name: str, work: Callable[[threading.Event], None], parts: ExitStack, stop: threading.Event) -> None:
    """``work(stop)`` on a thread of its own. When it ends by itself the whole service ends, to be started afresh."""

    def run() -> None:
        try:
            work(stop)
        finally:
            stop.set()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    parts.callback(thread.join, 10)
    parts.callback(stop.set)
