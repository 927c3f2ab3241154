"""Where the rules that a node may speak by stand, kept beside the ledger: what was said is not said again after a
power cut."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from broadcaster.protocol.gauges import born
from broadcaster.protocol.gauges.judging import CALM, Row, RuleState, advance
from broadcaster.protocol.gauges.readings import Reading
from broadcaster.protocol.gauges.rules import SpokenRule
from speaker_node.memory.database import LedgerDatabase

_CROSSED, _ENDED = "gauge crossed ", "gauge ended "


class Crossings:
    """One state for each allowance in force."""

    def __init__(self, database: LedgerDatabase) -> None:
        self._database = database
        self._rules: dict[str, SpokenRule] = {}
        self._states: dict[str, RuleState] = {}

    @property
    def rules(self) -> Iterable[SpokenRule]:
        """What the agenda in force allows."""
        return self._rules.values()

    def obey(self, rules: Iterable[SpokenRule]) -> None:
        """These hold from now on. Raises StorageFault."""
        self._rules = {each.allowance: each for each in rules}
        self._states = {name: self._states.get(name) or self._remembered(name) for name in self._rules}
        gone = [name for name in self._stored() if name.partition("ed ")[2] not in self._rules]
        if gone:
            self._database.write(
                lambda to: to.executemany("DELETE FROM number WHERE name = ?", [(name,) for name in gone])
            )

    def take(self, gauge: str, reading: Reading, *, own: bool = False) -> None:
        """One more reading. ``own``: this node took it, so one that seems earlier than the last means that the clock
        was set back, and a new row begins. Raises StorageFault."""
        for name, spoken in self._rules.items():
            before = self._states[name]
            last_at = before.row.last_at
            if own and gauge == spoken.rule.gauge and last_at is not None and reading.at <= last_at:
                before = replace(before, row=Row())
            after = advance(spoken.rule, before, gauge, reading)
            self._states[name] = after
            if (after.crossed_at, after.ended_at) != (before.crossed_at, before.ended_at):
                self._remember(name, after)

    def births(self) -> dict[str, born.Birth]:
        """By broadcast: what began and is not over."""
        found = (born.Birth(name, _whole(state.crossed_at)) for name, state in self._states.items() if state.crossed_at)
        return {each.broadcast: each for each in found}

    def rule(self, allowance: str) -> SpokenRule | None:
        """None for one that holds no more."""
        return self._rules.get(allowance)

    def _stored(self) -> list[str]:
        rows = self._database.rows("SELECT name FROM number WHERE name LIKE 'gauge %'")
        return [str(row["name"]) for row in rows]

    def _remembered(self, name: str) -> RuleState:
        crossed, ended = (self._database.number(kind + name) for kind in (_CROSSED, _ENDED))
        return replace(CALM, crossed_at=_instant(crossed), ended_at=_instant(ended))

    def _remember(self, name: str, state: RuleState) -> None:
        instants = {_CROSSED: state.crossed_at, _ENDED: state.ended_at}
        self._database.set_numbers({kind + name: int(at.timestamp()) if at else 0 for kind, at in instants.items()})


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _instant(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
