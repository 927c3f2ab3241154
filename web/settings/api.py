"""The commune's standing choices through the API."""

from broadcaster.station.rules import commune_rules
from web.api.endpoints import Call, Endpoint
from web.security.access import READING, over_commune
from web.settings import bodies


def show(call: Call) -> bodies.Settings:
    rules = commune_rules.read(call.s)
    answer_of = {name: getattr(rules, name) for name in bodies.Settings.__struct_fields__}
    return bodies.Settings(**answer_of | {"quiet_hours": tuple(list(each) for each in rules.quiet_hours)})


def change(call: Call) -> bodies.Settings:
    given = {name: getattr(call.body, name) for name in bodies.Settings.__struct_fields__}
    given["quiet_hours"] = tuple((each[0], each[1]) for each in given["quiet_hours"])
    wanted = commune_rules.CommuneRules(**given)
    commune_rules.change(call.s, wanted=wanted, by=call.by, now_at=call.now_at)
    return show(call)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/settings",
        access=READING,
        summary="Cài đặt chung của xã.",
        act=show,
        gives=bodies.Settings,
    ),
    Endpoint(
        method="PUT",
        path="/settings",
        access=over_commune("manage_people"),
        summary="Đổi cài đặt chung của xã; chỉ người quản trị.",
        act=change,
        takes=bodies.Settings,
        gives=bodies.Settings,
    ),
)
