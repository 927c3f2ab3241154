"""``loa doctor``: what is well, what to look at, what is broken and how to mend it."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from broadcaster import config as configuration
from broadcaster.commands.context import guarded, opened, parser, say
from broadcaster.commands.examinations.backup_places import look_at_backups
from broadcaster.commands.examinations.certificates import look_at_certificates, look_for_clear_text
from broadcaster.commands.examinations.ports import try_ports
from broadcaster.commands.examinations.voices import try_voices
from broadcaster.config import Config
from broadcaster.delivery.broker.mosquitto import executable
from broadcaster.errors import LoaError, Unavailable
from broadcaster.protocol import kernel_time
from broadcaster.refusals.reasons import Reason
from broadcaster.refusals.sentences import sentence
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import backup_states, heartbeats
from broadcaster.station.rows.backup_states import BackupState
from broadcaster.station.upkeep.examination import SILENT, ExaminationFinding, ExaminedStation, Grade, examine

MARKS = {Grade.GOOD: "✓", Grade.LOOK: "!", Grade.BAD: "✗"}


def main(argv: Sequence[str]) -> int:
    """0 when nothing is broken, 1 when something needs a person, 2 for a configuration that cannot be used."""
    arguments = parser("doctor", "Tự kiểm tra và nói điều cần sửa.").parse_args(argv)
    return guarded(lambda: _doctor(arguments))


def _doctor(arguments: argparse.Namespace) -> None:
    config = configuration.load(arguments.config)
    broken = 0
    for finding in _findings(config, arguments):
        say(f"{MARKS[finding.grade]} {sentence(finding.reason)}")
        broken += finding.grade is Grade.BAD
    if broken:
        raise Unavailable("doctor.faults", count=broken)


def _findings(config: Config, arguments: argparse.Namespace) -> Iterator[ExaminationFinding]:
    """A database that cannot be opened is one finding, and keeps nothing else from being looked at."""
    now_at, runs, state = datetime.now(UTC), False, None
    try:
        with opened(arguments.config) as context:
            yield from examine(ExaminedStation(config, context.database, now_at))
            runs, state = _station(context.database, now_at)
    except LoaError as error:
        yield ExaminationFinding(Grade.BAD, error.reason)
    if not runs:
        yield from _clock(config)
    yield from try_voices(config)
    yield _mosquitto(config)
    yield from try_ports(config, station_runs=runs)
    yield from look_for_clear_text(config)
    yield from look_at_certificates(config, now_at=now_at)
    yield from look_at_backups(config, state, now_at=now_at)


def _station(database: Database, now_at: datetime) -> tuple[bool, BackupState | None]:
    """Whether it runs, by its last sign of life, and how its backups went."""
    with database.reading() as s:
        beat = heartbeats.read(s).get("publisher")
        return beat is not None and now_at - beat.at <= SILENT, backup_states.read(s)


def _clock(config: Config) -> Iterator[ExaminationFinding]:
    """What the station would go by; while it runs it says so itself."""
    if not config.station.trust_clock and not kernel_time.look().synced:
        yield ExaminationFinding(Grade.BAD, Reason("doctor.clock_unvouched"))


def _mosquitto(config: Config) -> ExaminationFinding:
    if config.broker.kind == "external":
        where = config.broker
        return ExaminationFinding(Grade.GOOD, Reason("doctor.broker_external", host=where.host, port=where.port))
    if executable():
        return ExaminationFinding(Grade.GOOD, Reason("doctor.mosquitto_there"))
    grade = Grade.BAD if config.broker.kind == "mosquitto" else Grade.LOOK
    return ExaminationFinding(grade, Reason("doctor.mosquitto_missing"))
