"""What programs send and are answered about units."""

from msgspec import UNSET, UnsetType

from web.api.bodies import Answer, Degrees, Request


class NewUnit(Request, frozen=True, kw_only=True):
    """A hamlet. parent: id of its commune; position: latitude and longitude in degrees."""

    name: str
    parent: str
    weak_signal: bool = False
    position: Degrees | None = None


class UnitChange(Request, frozen=True, kw_only=True):
    """What is left out stays. name: the old one is kept as an alias."""

    name: str | UnsetType = UNSET
    weak_signal: bool | UnsetType = UNSET
    position: Degrees | UnsetType | None = UNSET


class UnitAnswer(Answer, frozen=True, kw_only=True):
    """kind: province, commune or hamlet; aliases: its older names.

    steps: what the caller may do with it now: change, add_unit, add_node, name_people.
    """

    id: str
    kind: str
    name: str
    aliases: list[str]
    parent: str | None
    weak_signal: bool
    position: list[float] | None
    steps: list[str]
