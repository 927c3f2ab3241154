"""What a person may do with an item of the province, and with a commune: the act asks it, page and API show it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.schema import Person, ProvinceCommune, ProvinceItem


class ProvinceItemStep(StrEnum):
    """RELEASE: offer it to its communes; DROP: put away what nobody released; WITHDRAW: take back what was."""

    RELEASE = "release"
    DROP = "drop"
    WITHDRAW = "withdraw"


class ProvinceCommuneStep(StrEnum):
    """RENEW: another code; CLOSE: nothing more to it or of it; SEEN: that an older copy was restored was read."""

    RENEW = "renew"
    CLOSE = "close"
    SEEN = "seen"


def item_steps(s: Session, item: ProvinceItem, person: Person, *, now_at: datetime) -> frozenset[ProvinceItemStep]:
    """All that this person may do with the item now."""
    return permitted(ProvinceItemStep, lambda step: require_item_step(s, step, item, person, now_at=now_at))


def require_item_step(
    s: Session, step: ProvinceItemStep, item: ProvinceItem, person: Person, *, now_at: datetime
) -> None:
    """Raises NotAllowed, or Conflict or Invalid with what stands in the way."""
    require(s, person, Permission.WRITE if step is ProvinceItemStep.DROP else Permission.APPROVE, None)
    if step is ProvinceItemStep.WITHDRAW:
        if item.released_at is None or item.withdrawn_at is not None or item.withdraws_id is not None:
            raise Conflict("province.not_withdrawable")
        return
    if item.released_at is not None or item.dropped_at is not None:
        raise Conflict("province.item_settled")
    if step is ProvinceItemStep.RELEASE:
        if person.id == item.composed_by_id:
            raise NotAllowed("province.own_item")
        if item.valid_until_at is not None and item.valid_until_at <= now_at:
            raise Invalid("announcement.valid_until_past", field="valid_until_at")


def commune_steps(s: Session, commune: ProvinceCommune, person: Person) -> frozenset[ProvinceCommuneStep]:
    """All that this person may do with the commune now."""
    return permitted(ProvinceCommuneStep, lambda step: require_commune_step(s, step, commune, person))


def require_commune_step(s: Session, step: ProvinceCommuneStep, commune: ProvinceCommune, person: Person) -> None:
    """Raises NotAllowed, or Conflict with what stands in the way."""
    require(s, person, Permission.MANAGE_PEOPLE, None)
    if step is ProvinceCommuneStep.SEEN:
        if commune.went_back_at is None:
            raise Conflict("exchange.return_seen")
    elif commune.closed_at is not None:
        raise Conflict("province.commune_closed")
