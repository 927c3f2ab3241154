"""What the exchange with other levels has, on both sides, for routes to name."""

from sqlalchemy.orm import Session

from broadcaster.protocol.exchange.messages import UpperIdentity
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.alerts import allowing
from broadcaster.station.exchange import upper_levels
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.province import communes, items
from broadcaster.station.province.items import ItemFields
from broadcaster.station.schema import Person, ReceivedOffer, UpperLevel
from broadcaster.station.vocabulary.states import OfferState
from tests.unit.web.commune import MORNING

CODE = f"https://tinh.vn/{'a' * 26}/{'b' * 16}"


def follow(s: Session, *, by: Person) -> UpperLevel:
    """A level above that was joined."""
    sealer = Sealer(b"k" * 32)
    level = upper_levels.add(s, CODE, sealer=sealer, by=by, now_at=MORNING)
    identity = UpperIdentity(upper="thai-nguyen", name="Thái Nguyên", key="cd" * 32)
    return upper_levels.joined(s, level, identity, "t" * 20, sealer=sealer, now_at=MORNING)


def offered(s: Session, level: UpperLevel, item: str = "item-0001", **more: object) -> ReceivedOffer:
    """An offer that waits."""
    values: dict[str, object] = {
        "number": 1,
        "token": "x.y.z",
        "received_at": MORNING,
        "issued_at": MORNING,
        "broadcast_class": BroadcastClass.PRIORITY,
        "title": "Cấm đường",
        "text": "Cấm xe qua cầu.",
        "state": OfferState.WAITING,
    }
    row = ReceivedOffer(upper_id=level.id, item=item, **(values | more))
    s.add(row)
    s.flush()
    s.refresh(row)
    return row


def exchange_things(s: Session, administrator: Person, officer: Person, approver: Person) -> dict[str, str]:
    level = follow(s, by=administrator)
    assert level.source is not None
    allowing.ask(s, source=level.source, drill=False, by=approver, now_at=MORNING)
    commune, _ = communes.add(s, name="Xã Vi Hương", station="vi-huong", by=administrator, now_at=MORNING)
    written = ItemFields(title="Tiêm chủng", text="Mời bà con đi tiêm.", communes=[commune.id])
    item = items.compose(s, written, by=officer, now_at=MORNING)
    return {
        "level_id": level.id,
        "offer_id": offered(s, level).id,
        "commune_id": commune.id,
        "province_item_id": item.id,
    }
