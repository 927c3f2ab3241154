"""The administrator's list of streams through the API."""

from broadcaster.station.relays import sources
from broadcaster.station.schema import RelaySource
from web.api.endpoints import Call, Endpoint
from web.relays import bodies
from web.security.access import READING, over_commune
from web.shell.telling import said


def listing(call: Call) -> list[bodies.RelaySource]:
    return [_answer_of(each) for each in sources.listing(call.s)]


def add(call: Call) -> bodies.RelaySource:
    made = sources.add(call.s, name=call.body.name, written=call.body.addresses, by=call.by, now_at=call.now_at)
    return _answer_of(made)


def edit(call: Call) -> bodies.RelaySource:
    source = sources.get(call.s, call.path["relay_source_id"])
    changed = sources.edit(
        call.s, source=source, name=call.body.name, written=call.body.addresses, by=call.by, now_at=call.now_at
    )
    return _answer_of(changed)


def remove(call: Call) -> None:
    sources.remove(call.s, source=sources.get(call.s, call.path["relay_source_id"]), by=call.by, now_at=call.now_at)


def _answer_of(source: RelaySource) -> bodies.RelaySource:
    return bodies.RelaySource(
        id=source.id,
        name=source.name,
        addresses=source.addresses,
        probed_at=source.probed_at,
        trouble=said(source.trouble) if source.trouble else None,
    )


_ONE = "/relay-sources/{relay_source_id}"
ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/relay-sources",
        access=READING,
        summary="Các nguồn tiếp sóng.",
        act=listing,
        gives=list[bodies.RelaySource],
    ),
    Endpoint(
        method="POST",
        path="/relay-sources",
        access=over_commune("manage_people"),
        summary="Thêm nguồn tiếp sóng.",
        act=add,
        takes=bodies.NewRelaySource,
        gives=bodies.RelaySource,
        status=201,
    ),
    Endpoint(
        method="PUT",
        path=_ONE,
        access=over_commune("manage_people"),
        summary="Sửa nguồn tiếp sóng; đổi địa chỉ thì khung giờ nào dùng nguồn này phải duyệt lại.",
        act=edit,
        takes=bodies.NewRelaySource,
        gives=bodies.RelaySource,
    ),
    Endpoint(
        method="DELETE",
        path=_ONE,
        access=over_commune("manage_people"),
        summary="Bỏ nguồn tiếp sóng.",
        act=remove,
        status=204,
    ),
)
