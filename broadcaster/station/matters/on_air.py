"""What is the matter with relays and live sound: tried in vain, left for the next, silent, over early."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.refusals.reasons import Reason, encode
from broadcaster.station.live import relay_sessions, sessions
from broadcaster.station.matters.finding import RECENT, MatterFinding
from broadcaster.station.relays import sources, takes
from broadcaster.station.schema import RelayTake
from broadcaster.station.vocabulary.states import TakeState

ENDED = Reason("relay.ended")
CLIPPED = encode(Reason("relay.clipped"))


def findings(s: Session, *, now_at: datetime) -> Iterator[MatterFinding]:
    """All of them."""
    for source in sources.listing(s):
        if source.trouble is not None and source.probed_at is not None and source.probed_at > now_at - RECENT:
            details = {"name": source.name, "reason": encode(source.trouble)}
            yield MatterFinding("relay_source_silent", f"relay-source:{source.id}", details)
    for take in takes.recent(s, since_at=now_at - RECENT):
        yield from _taken(s, take)
    for each in sessions.silent(s):
        since_at = each.silent_at.isoformat() if each.silent_at else None
        silent = {"title": each.title, "kind": each.kind.value, "since_at": since_at}
        yield MatterFinding("live_silent", f"live:{each.id}", silent)
    for each in relay_sessions.given_up(s, since_at=now_at - RECENT):
        ended_at = each.ended_at.isoformat() if each.ended_at else None
        yield MatterFinding("relay_given_up", f"live:{each.id}", {"title": each.title, "ended_at": ended_at})


def _taken(s: Session, take: RelayTake) -> Iterator[MatterFinding]:
    """A date for which nothing, or not all, could be taken; and one whose source was left, while it goes on."""
    details = {"title": take.title, "begin_at": take.begin_at.isoformat(), "slot": takes.slot_id_of(s, take)}
    subject = f"occurrence:{take.occurrence_id}"
    if take.state is TakeState.FAILED:
        yield MatterFinding("relay_failed", subject, details | {"reason": encode(take.error or ENDED)})
        return
    if any(each["reason"] == CLIPPED for each in take.switches):
        yield MatterFinding("relay_clipped", subject, details)
    left = [each["reason"] for each in take.switches if each["reason"] != CLIPPED]
    if left:
        asked_ms = round((take.until_at - take.begin_at).total_seconds() * 1000)
        short = {"heard_seconds": take.heard_ms // 1000, "asked_seconds": asked_ms // 1000}
        over = short if take.state is TakeState.DONE else {}
        yield MatterFinding("relay_cut", subject, details | over | {"reason": left[0]})
