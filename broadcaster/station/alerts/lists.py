"""What came in, for people to look at."""

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from broadcaster.station.schema import ReceivedAlert


def received(s: Session, *, most: int = 50) -> list[ReceivedAlert]:
    """The newest first, without the documents themselves."""
    chosen = select(ReceivedAlert).options(defer(ReceivedAlert.document))
    return list(s.scalars(chosen.order_by(ReceivedAlert.received_at.desc(), ReceivedAlert.id).limit(most)))
