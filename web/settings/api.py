"""The commune's standing choices through the API."""

from broadcaster.station.rules import commune_rules
from web.api.answers import Answer
from web.api.endpoints import Call, Endpoint
from web.api.requests import Request
from web.nodes.api import Minutes


class Settings(Request, Answer, frozen=True, kw_only=True):
    """All of them, none left out.

    station_name, contact_phone: as pages show them.
    quiet_hours: pairs of minutes after local midnight in which only emergencies sound.
    monthly_megabytes: data budget of every node; 0 is no limit.
    default_volume_percent: of nodes added from now on; default_cap_minutes: proposed for new slots.
    greeting_opening, closing_words: of programmes; empty takes the station's own.
    second_factor_required: administrators must have a second factor.
    """

    station_name: str
    contact_phone: str
    quiet_hours: tuple[Minutes, ...]
    monthly_megabytes: int
    default_volume_percent: int
    default_cap_minutes: int
    greeting_opening: str
    closing_words: str
    second_factor_required: bool


def show(call: Call) -> Settings:
    rules = commune_rules.read(call.s)
    told = {name: getattr(rules, name) for name in Settings.__struct_fields__}
    return Settings(**told | {"quiet_hours": tuple(list(each) for each in rules.quiet_hours)})


def change(call: Call) -> Settings:
    given = {name: getattr(call.body, name) for name in Settings.__struct_fields__}
    given["quiet_hours"] = tuple((each[0], each[1]) for each in given["quiet_hours"])
    wanted = commune_rules.HouseRules(**given)
    commune_rules.change(call.s, wanted=wanted, by=call.by, now_at=call.now_at)
    return show(call)


ENDPOINTS = (
    Endpoint(method="GET", path="/settings", summary="Cài đặt chung của xã.", act=show, gives=Settings),
    Endpoint(
        method="PUT",
        path="/settings",
        summary="Đổi cài đặt chung của xã; chỉ người quản trị.",
        act=change,
        takes=Settings,
        gives=Settings,
    ),
)
