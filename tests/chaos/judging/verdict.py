"""The verdict as a table, and the story of each violation: everything known of that broadcast on that node."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.chaos.judging.duty import Duty
from tests.chaos.judging.judge import RULES, Case, Violation


@dataclass(frozen=True)
class Verdict:
    """case: what was judged; seed: of the run; violations: what was found, by rule."""

    case: Case
    seed: int
    violations: dict[str, list[Violation]]

    @property
    def good(self) -> bool:
        return not any(self.violations.values())

    def kinds(self) -> set[str]:
        """Which kinds of violation there are."""
        return {each.rule for found in self.violations.values() for each in found}

    def text(self) -> str:
        """For a terminal."""
        return "\n".join([*self._table(), *self._stories()])

    def _table(self) -> Iterator[str]:
        evidence = self.case.evidence
        kinds: dict[str, int] = {}
        for each in self.case.diary.happenings():
            if each.fault:
                kinds[each.what] = kinds.get(each.what, 0) + 1
        yield f"seed {self.seed}: {self.case.diary.faults} faults"
        yield "  " + ", ".join(f"{times} {what}" for what, times in sorted(kinds.items()))
        cancelled = sum(each.cancelled is not None for each in evidence.ordered.values())
        yield f"  {len(evidence.ordered)} broadcasts ({cancelled} cancelled); {_due(self.case)} due on a node"
        spoken = {each.id for each in evidence.ordered.values() if each.spoken}
        joined = sum(heard.broadcast in spoken for heard in evidence.heard)
        yield f"  {len(spoken)} of them spoken live, {joined} recordings of these"
        whole = sum(heard.whole for heard in evidence.heard)
        yield f"  {len(evidence.heard)} recordings, {whole} whole; {len(evidence.stated)} receipts"
        for excuse, times in sorted(Counter(excuses(self.case)).items()):
            yield f"    excused {times:>3} × {excuse}"
        yield f"{'rule':<32}{'violations':>10}"
        for rule, found in self.violations.items():
            yield f"{rule:<32}{len(found):>10}"

    def _stories(self) -> Iterator[str]:
        for found in self.violations.values():
            for violation in found:
                yield f"\nVIOLATION ({violation.rule}) seed {self.seed}: {violation.what}"
                yield from (f"  {line}" for line in story(self.case, violation))


def judge(case: Case, *, seed: int, more: dict[str, list[Violation]] | None = None) -> Verdict:
    """Hold every rule against the case; ``more`` is what was found by looking at the living."""
    found = {name: list(rule(case)) for name, rule in RULES.items()}
    return Verdict(case, seed, found | (more or {}))


def _due(case: Case) -> int:
    return sum(ordered.cancelled is None for ordered, _ in case.pairs())


def excuses(case: Case) -> Iterator[str]:
    """Of every broadcast that was due and did not sound whole."""
    for ordered, node in case.pairs():
        if (
            ordered.cancelled is None
            and not ordered.spoken
            and not any(heard.whole for heard in case.plays(node, ordered.id))
        ):
            yield Duty(case.evidence, case.diary, ordered, node).excuse() or "NOT EXCUSED"


def story(case: Case, violation: Violation) -> Iterator[str]:
    """Line by line in the order of time."""
    node, broadcast = violation.node, violation.broadcast
    yield f"node {node}, broadcast {broadcast}"
    ordered = case.evidence.ordered.get(broadcast)
    lines: list[tuple[float, str]] = []
    if ordered:
        lines.append((ordered.created, f"ordered: {ordered.kind}, {ordered.seconds:.1f} s, live={ordered.live}"))
        lines += [(ordered.start, "START"), (ordered.expires, "EXPIRY")]
        if ordered.cancelled is not None:
            lines.append((ordered.cancelled, "cancelled"))
    for stated in case.evidence.stated:
        if (stated.node, stated.broadcast) == (node, broadcast):
            lines.append((stated.at, f"receipt {stated.sequence} {stated.state} {stated.played_ms} ms {stated.reason}"))
    for heard in case.plays(node, broadcast):
        lines.append((heard.begun, f"SOUND for {heard.seconds:.2f} s, whole={heard.whole}, true={heard.true}"))
    since = min((at for at, _ in lines), default=0.0)
    until = max((at for at, what in lines if what != "EXPIRY"), default=float("inf"))
    for each in case.diary.happenings((node, "broker", "station", "all")):
        if each.touches(since - 5, until + 30):
            lines.append(
                (each.from_seconds, f"-- {each.what} {each.whom} {each.note} until {_clock(each.until_seconds)}")
            )
    stored = case.evidence.stored.get((node, broadcast))
    yield from (f"{_clock(at)} {what}" for at, what in sorted(lines))
    yield f"ledger at the end: {stored.state if stored else 'no entry'}"


def _clock(seconds: float) -> str:
    if seconds == float("inf"):
        return "the end"
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S.%f")[:-3]
