"""Announcements of the province: composed by one person, released by another, and then on their way to communes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.protocol.exchange.messages import LONGEST_TEXT
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.audit import entries as audit
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.people.roles import require
from broadcaster.station.province import communes, feed
from broadcaster.station.province.steps import ProvinceItemStep, require_item_step
from broadcaster.station.rows import changes
from broadcaster.station.schema import Person, ProvinceCommune, ProvinceItem, ProvinceOffer
from broadcaster.station.vocabulary.names import name_of, tidy

EMERGENCY_LASTS = timedelta(hours=6)
"""An emergency without an end of its own is over after so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSound:
    """sha256, size_bytes, name: of a file that lies with the sounds of the province."""

    sha256: str
    size_bytes: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFields:
    """What is filled in; as in ``schema.ProvinceItem``. communes: ids; given_id: empty for what a person fills in."""

    title: str
    text: str = ""
    broadcast_class: str = BroadcastClass.ROUTINE
    drill: bool = False
    document_number: str = ""
    sound: ItemSound | None = None
    wished_at: datetime | None = None
    valid_until_at: datetime | None = None
    communes: Sequence[str] = ()
    given_id: str = ""


def compose(s: Session, written: ItemFields, *, by: Person, now_at: datetime) -> ProvinceItem:
    """It waits for a second person. What was composed under this id before is there once: it is that one. Raises
    Invalid or NotAllowed, and Conflict where the id is known with other words."""
    require(s, by, "write", None)
    if (known := _given(s, written)) is not None:
        return known
    item = ProvinceItem(composed_by_id=by.id, composed_at=now_at, **_checked(s, written, now_at))
    s.add(item)
    s.flush()
    _note(s, item, "composed", by=by, now_at=now_at)
    return item


def release(s: Session, identity: StationIdentity, *, item: ProvinceItem, by: Person, now_at: datetime) -> None:
    """From now on its communes are offered it. Raises Conflict, Invalid or NotAllowed."""
    locked(s, item)
    require_item_step(s, ProvinceItemStep.RELEASE, item, by, now_at=now_at)
    item.released_by_id, item.released_at = by.id, now_at
    for commune_id in sorted(item.communes):  # in one order: two releases at once never wait for each other in a circle
        feed.issue(s, identity, item=item, commune=communes.get(s, commune_id), now_at=now_at)
    _note(s, item, "released", by=by, now_at=now_at)


def drop(s: Session, *, item: ProvinceItem, by: Person, now_at: datetime) -> None:
    """What nobody released is put away. Raises Conflict or NotAllowed."""
    locked(s, item)
    require_item_step(s, ProvinceItemStep.DROP, item, by, now_at=now_at)
    item.dropped_at = now_at
    _note(s, item, "dropped", by=by, now_at=now_at)


def withdraw(s: Session, identity: StationIdentity, *, item: ProvinceItem, by: Person, now_at: datetime) -> None:
    """Take back what was released: whoever did not broadcast it yet will not. Raises Conflict or NotAllowed."""
    locked(s, item)
    require_item_step(s, ProvinceItemStep.WITHDRAW, item, by, now_at=now_at)
    item.withdrawn_at = now_at
    taking_back = ProvinceItem(
        title=item.title,
        broadcast_class=item.broadcast_class,
        drill=item.drill,
        communes=item.communes,
        composed_by_id=by.id,
        composed_at=now_at,
        released_by_id=by.id,
        released_at=now_at,
        withdraws_id=item.id,
    )
    s.add(taking_back)
    s.flush()
    for commune_id in sorted(item.communes):
        feed.issue(s, identity, item=taking_back, commune=communes.get(s, commune_id), now_at=now_at)
    _note(s, item, "withdrawn", by=by, now_at=now_at)


def get(s: Session, item_id: str) -> ProvinceItem:
    """Raises NotFound."""
    item = s.get(ProvinceItem, item_id)
    if item is None:
        raise NotFound("province.item_not_found")
    return item


def listing(s: Session, *, most: int = 50) -> list[ProvinceItem]:
    """The newest first, without what only takes another back or was put away."""
    chosen = select(ProvinceItem).where(ProvinceItem.withdraws_id.is_(None), ProvinceItem.dropped_at.is_(None))
    return list(s.scalars(chosen.order_by(ProvinceItem.composed_at.desc(), ProvinceItem.id).limit(most)).unique())


def given_ids(s: Session, item_ids: Collection[str]) -> dict[str, str]:
    """Of these items those that whoever composed them knows by another id, and that."""
    chosen = select(ProvinceItem.id, ProvinceItem.given_id).where(ProvinceItem.id.in_(sorted(item_ids)))
    return {item_id: given for item_id, given in s.execute(chosen) if given}


def has_sound(s: Session, *, commune: ProvinceCommune, sha256: str) -> bool:
    """Whether this sound was offered to the commune."""
    chosen = select(ProvinceItem.id).join(ProvinceOffer, ProvinceOffer.item_id == ProvinceItem.id)
    chosen = chosen.where(ProvinceOffer.commune_id == commune.id, ProvinceItem.recording_sha256 == sha256)
    return s.scalars(chosen.limit(1)).first() is not None


def locked(s: Session, item: ProvinceItem) -> None:
    """Nobody else decides about it meanwhile."""
    s.refresh(item, with_for_update={"of": ProvinceItem})


def _given(s: Session, written: ItemFields) -> ProvinceItem | None:
    """What was composed under this id before. Raises Conflict where it says something else."""
    if not written.given_id:
        return None
    known = s.scalars(select(ProvinceItem).where(ProvinceItem.given_id == written.given_id)).one_or_none()
    if known is not None:
        said = (name_of(written.title, field="title", longest=200), written.text.strip(), written.broadcast_class)
        if said != (known.title, known.text, known.broadcast_class):
            raise Conflict("province.id_known", field="id", id=written.given_id)
    return known


def _checked(s: Session, written: ItemFields, now_at: datetime) -> dict[str, object]:
    """Columns of the row. Raises Invalid with the field's name."""
    if written.broadcast_class not in set(BroadcastClass):
        raise Invalid("announcement.class_unknown", field="class")
    text = written.text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8").strip()
    if not text and written.sound is None:
        raise Invalid("province.nothing_to_say", field="text")
    if len(text) > LONGEST_TEXT:
        raise Invalid("announcement.text_too_long", field="text", length=len(text), longest=LONGEST_TEXT)
    if written.valid_until_at is not None and written.valid_until_at <= now_at:
        raise Invalid("announcement.valid_until_past", field="valid_until_at")
    known = {each.id for each in communes.listing(s)}
    chosen = list(dict.fromkeys(written.communes))
    if not chosen or not known.issuperset(chosen):
        raise Invalid("province.no_commune_chosen", field="communes")
    emergency = written.broadcast_class == BroadcastClass.EMERGENCY
    return {
        "title": name_of(written.title, field="title", longest=200),
        "text": text,
        "broadcast_class": BroadcastClass(written.broadcast_class),
        "drill": written.drill and emergency,
        "document_number": tidy(written.document_number)[:80],
        "recording_sha256": written.sound.sha256 if written.sound else None,
        "sound_bytes": written.sound.size_bytes if written.sound else 0,
        "sound_name": written.sound.name[:120] if written.sound else "",
        "given_id": written.given_id or None,
        "wished_at": written.wished_at,
        "valid_until_at": written.valid_until_at or (now_at + EMERGENCY_LASTS if emergency else None),
        "communes": chosen,
    }


def _note(s: Session, item: ProvinceItem, action: str, *, by: Person, now_at: datetime) -> None:
    details = {"title": item.title, "class": str(item.broadcast_class), "communes": len(item.communes)}
    subject = f"province-item:{item.id}"
    audit.record(s, by=by, action=f"province_item.{action}", subject=subject, now_at=now_at, details=details)
    changes.bump(s, "announcements")
