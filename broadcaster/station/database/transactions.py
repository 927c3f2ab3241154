"""Ending a transaction: what was only noted is written first, under locks held as briefly as can be."""

from sqlalchemy.orm import Session

from broadcaster.station.audit import entries as audit
from broadcaster.station.rows import changes


def commit(s: Session) -> None:
    """Write the noted audit entries and changes, then commit."""
    audit.write(s)
    changes.write(s)
    s.commit()


def is_read_only(s: Session) -> bool:
    """Whether the session came from ``Database.reading``."""
    return bool(s.get_bind().get_execution_options().get("loa_read_only", False))
