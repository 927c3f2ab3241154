"""What programs send and are answered about nodes."""

from datetime import date, datetime
from typing import Any

from msgspec import UNSET, UnsetType

from web.api.bodies import Answer, Degrees, Instant, Minutes, Request, Zone


class ZoneNodes(Zone, frozen=True, kw_only=True):
    """nodes: ids of the nodes in it now."""

    nodes: list[str]


class Node(Answer, frozen=True, kw_only=True):
    """One node.

    presence: online, offline, unknown (silent too long), never, or elsewhere (it obeys another copy of the station).
    reasons: what keeps it from being ready; empty when all is well.
    playing: id of the broadcast that sounds now.
    steps: what the caller may do with it now: change, move, renew, revoke, louder, resend.
    """

    id: str
    name: str
    unit: str
    presence: str
    online: bool
    seen_at: datetime | None
    reasons: list[str]
    weak_link: bool
    clock: str | None
    clock_error_ms: int | None
    clips_missing: int | None
    agenda_number: int | None
    playing: str | None
    volume_percent: int
    software: str
    health: dict[str, Any]
    steps: list[str]


class NewNode(Request, frozen=True, kw_only=True):
    """A node to be put into service. unit: id of its hamlet; place: where it stands; weak_link: the line is poor."""

    name: str
    unit: str
    place: str = ""
    weak_link: bool = False


class NodeCode(Answer, frozen=True, kw_only=True):
    """What is carried to the node: ``loa node enrol CODE`` fetches its identity once, before ``valid_until_at``."""

    node: str
    name: str
    code: str
    valid_until_at: Instant


class NodeChange(Request, frozen=True, kw_only=True):
    """What is left out stays.

    name: the old one is kept as an alias.
    unit: id of the hamlet to move it to.
    volume_percent: highest volume; volume_profile: the same for each hour, 24 values, or none.
    stagger_ms: starts this much later, against echo.
    quiet_hours: of this node besides the commune's: pairs of minutes after local midnight.
    position: latitude and longitude in degrees, or null.
    keeper_name, keeper_phone: who lives near it.
    """

    name: str | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    place: str | UnsetType = UNSET
    weak_link: bool | UnsetType = UNSET
    volume_percent: int | UnsetType = UNSET
    volume_profile: list[int] | UnsetType = UNSET
    stagger_ms: int | UnsetType = UNSET
    quiet_hours: list[Minutes] | UnsetType = UNSET
    position: Degrees | UnsetType | None = UNSET
    keeper_name: str | UnsetType = UNSET
    keeper_phone: str | UnsetType = UNSET


class NodeDecisions(Answer, frozen=True, kw_only=True):
    """What the commune decided about a node; the fields are those of NodeChange, aliases its older names."""

    id: str
    name: str
    aliases: list[str]
    unit: str
    place: str
    weak_link: bool
    volume_percent: int
    volume_profile: list[int]
    stagger_ms: int
    quiet_hours: list[list[int]]
    position: list[float] | None
    keeper_name: str
    keeper_phone: str


class Chirp(Request, frozen=True, kw_only=True):
    """anyway: in quiet hours, too."""

    anyway: bool = False


class Unconfirmed(Answer, frozen=True, kw_only=True):
    """A node that may still follow an older agenda.

    presence: online, offline, unknown or never; who is not online drops the old agenda when it comes back.
    issued_number, issued_at: of the newest agenda; obeyed_number: of the one the node last named.
    """

    node: str
    name: str
    presence: str
    issued_number: int | None
    issued_at: datetime | None
    obeyed_number: int | None


class HealthDay(Answer, frozen=True, kw_only=True):
    """One local day; null where nothing was measured.

    online_percent: of the time of that day that has passed.
    hottest_celsius, least_free_bytes, weakest_signal_percent, worst_clock_ms: the extremes.
    used_bytes: over the link.
    """

    on: date
    online_percent: int
    hottest_celsius: float | None
    least_free_bytes: int | None
    weakest_signal_percent: int | None
    worst_clock_ms: int | None
    used_bytes: int | None
