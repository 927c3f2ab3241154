"""What the parts of a node together have to tell in its status."""

from broadcaster.protocol.reasons import TroubleCode
from broadcaster.protocol.status import Trouble
from speaker_node.assembly import NodeParts
from speaker_node.body.watchdog import Vitals
from speaker_node.clock.reading import TimeReading
from speaker_node.link.reporting import Condition
from speaker_node.memory.agenda_store import AgendaStore


def condition(parts: NodeParts, reading: TimeReading, *, trouble: str) -> Condition:
    """``trouble`` is the code of the agent's own, or empty."""
    records, sound = parts.records, parts.sound
    agenda, sounding = records.agendas.current, sound.sounding
    faults = (
        parts.board.health.storage_fault,
        records.database.fault,
        records.agendas.fault,
        sound.microphone_fault,
    )
    troubles = [Trouble(code=trouble)] if trouble else []
    if records.database.rebuilt:
        troubles.append(Trouble(code=TroubleCode.LEDGER_REBUILT, facts={"file": records.database.rebuilt}))
    troubles += [fault.trouble for fault in faults if fault]
    if reading.station_ahead_seconds:
        troubles.append(Trouble(code=TroubleCode.STATION_CLOCK_AHEAD, facts={"seconds": reading.station_ahead_seconds}))
    troubles += parts.clips.troubles(reading.monotonic)
    return Condition(
        agenda_number=agenda.number if agenda else 0,
        agenda_term=agenda.term if agenda else 0,
        agenda_issuer=agenda.issuer if agenda else "",
        agenda_audit=agenda.audit if agenda else None,
        highest_number=_lost_number(records.agendas),
        refused=records.agendas.refused,
        clips_missing=parts.clips.clips_missing(),
        playing=sounding.broadcast if sounding else None,
        live=parts.live.hearing(reading),
        stopped=bool(agenda and agenda.stop),
        muted=parts.board.silenced,
        volume_percent=sound.volume_percent,
        sound=sound.device,
        screen=parts.screen.present,
        release=parts.updates.report,
        heard=parts.board.heard,
        troubles=_each_once(troubles),
    )


def _lost_number(agendas: AgendaStore) -> int:
    """The highest number ever accepted, when the agenda in force has a lower one; else 0."""
    highest = agendas.last.number
    return 0 if agendas.current and agendas.current.number == highest else highest


def _each_once(troubles: list[Trouble]) -> tuple[Trouble, ...]:
    return tuple(each for index, each in enumerate(troubles) if each not in troubles[:index])


def vitals(parts: NodeParts, reading: TimeReading) -> Vitals:
    """What the watchdog asks for."""
    return Vitals(link_seconds=parts.link.alive_seconds, player_overdue=parts.sound.overdue(reading.monotonic))
