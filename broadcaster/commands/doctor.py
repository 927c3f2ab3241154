"""``loa doctor``: what is well, what to look at, what is broken and how to mend it."""

import argparse
from collections.abc import Sequence

from broadcaster.commands.context import CommandContext, parser, run, say
from broadcaster.delivery.broker.mosquitto import executable
from broadcaster.errors import Unavailable
from broadcaster.refusals.reasons import Reason
from broadcaster.refusals.sentences import sentence
from broadcaster.speech.factory import build_chain
from broadcaster.station.upkeep.examination import ExaminationFinding, ExaminedStation, Grade, examine

MARKS = {Grade.GOOD: "✓", Grade.LOOK: "!", Grade.BAD: "✗"}


def main(argv: Sequence[str]) -> int:
    """0 when nothing is broken, 1 otherwise."""
    made = parser("doctor", "Tự kiểm tra và nói điều cần sửa.")
    made.set_defaults(work=_doctor)
    return run(made, argv)


def _doctor(context: CommandContext, _arguments: argparse.Namespace) -> None:
    findings = [
        *examine(ExaminedStation(context.config, context.database, context.now_at)),
        *_voices(context),
        _broker(context),
    ]
    for finding in findings:
        say(f"{MARKS[finding.grade]} {sentence(finding.reason)}")
    broken = sum(finding.grade is Grade.BAD for finding in findings)
    if broken:
        raise Unavailable("doctor.faults", count=broken)


def _voices(context: CommandContext) -> list[ExaminationFinding]:
    folder = context.config.data_dir
    chain = build_chain(context.config.speech, cache_dir=folder / "sentences", voices_dir=folder / "voices")
    findings = []
    for engine in chain.engines:
        why_not = engine.available()
        if why_not is None:
            findings.append(ExaminationFinding(Grade.GOOD, Reason("doctor.voice_ready", engine=engine.name)))
        else:
            findings.append(
                ExaminationFinding(Grade.LOOK, Reason("doctor.voice_not_ready", engine=engine.name, why=why_not))
            )
    return findings


def _broker(context: CommandContext) -> ExaminationFinding:
    if context.config.broker.kind == "external":
        where = context.config.broker
        return ExaminationFinding(Grade.GOOD, Reason("doctor.broker_external", host=where.host, port=where.port))
    if executable():
        return ExaminationFinding(Grade.GOOD, Reason("doctor.mosquitto_there"))
    return ExaminationFinding(Grade.LOOK, Reason("doctor.mosquitto_missing"))
