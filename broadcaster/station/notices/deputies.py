"""Who is called for somebody who does not act on what is urgent."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import Permission, may_somewhere
from broadcaster.station.rows import changes
from broadcaster.station.schema import Person


def candidates(s: Session, person: Person) -> list[Person]:
    """Those who could act in this person's place: others who may approve, by name."""
    others = select(Person).where(Person.id != person.id, Person.disabled_at.is_(None))
    known = s.scalars(others.order_by(Person.full_name, Person.username)).unique()
    return [each for each in known if may_somewhere(each, Permission.APPROVE)]


def choose(s: Session, *, person: Person, deputy_id: str | None, now_at: datetime) -> None:
    """This person's own choice; None for nobody. Raises Invalid."""
    if deputy_id is not None and deputy_id not in {each.id for each in candidates(s, person)}:
        raise Invalid("notice.deputy_unfit", field="deputy")
    person.deputy_id = deputy_id
    details = {"deputy": deputy_id}
    subject = f"person:{person.username}"
    audit.record(s, by=person, action="person.deputy_chosen", subject=subject, now_at=now_at, details=details)
    changes.bump(s, "people")
