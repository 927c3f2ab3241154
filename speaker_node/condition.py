"""What the parts of a node together have to tell in its status."""

from speaker_node.assembly import Rooms
from speaker_node.clock.node_clock import Reading
from speaker_node.link.reporting import Condition


def condition(rooms: Rooms, reading: Reading, *, volume_percent: int, trouble: str) -> Condition:
    """``trouble`` is the agent's own, in Vietnamese, or empty."""
    agenda, stage = rooms.book.current, rooms.stage
    faults = (trouble, rooms.database.fault, rooms.book.fault, rooms.ear.fault)
    return Condition(
        agenda_number=agenda.number if agenda else 0,
        agenda_term=agenda.term if agenda else 0,
        agenda_issuer=agenda.issuer if agenda else "",
        agenda_audit=agenda.audit if agenda else None,
        highest_number=rooms.book.last.number,
        refused=rooms.book.refused,
        clips_missing=rooms.supply.clips_missing(),
        playing=stage.playing.broadcast if stage.playing and stage.sounding else None,
        stopped=bool(agenda and agenda.stop),
        muted=rooms.mute.on,
        volume_percent=volume_percent,
        sound=rooms.playout.name,
        heard=rooms.health.heard,
        trouble=tuple(text for text in (*faults, *rooms.supply.trouble(reading.monotonic)) if text),
    )
