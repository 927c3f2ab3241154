"""The communes of a level above, for programs."""

from broadcaster.station.province import communes
from broadcaster.station.province.steps import commune_steps
from broadcaster.station.schema import ProvinceCommune
from web.api.endpoints import Call, Endpoint
from web.exchange.identity import exchange_code
from web.province import bodies
from web.security.access import READING, over_commune


def listing(call: Call) -> list[bodies.ProvinceCommuneAnswer]:
    return [_answer(call, each) for each in communes.listing(call.s)]


def add(call: Call) -> bodies.ProvinceCommuneAnswer:
    wanted: bodies.NewProvinceCommune = call.body
    made, secret = communes.add(call.s, name=wanted.name, station=wanted.station, by=call.by, now_at=call.now_at)
    return _answer(call, made, secret)


def renew(call: Call) -> bodies.ProvinceCommuneAnswer:
    commune = _commune(call)
    return _answer(call, commune, communes.renew(call.s, commune=commune, by=call.by, now_at=call.now_at))


def close(call: Call) -> None:
    communes.close(call.s, commune=_commune(call), by=call.by, now_at=call.now_at)


def seen(call: Call) -> None:
    communes.settle_return(call.s, commune=_commune(call), by=call.by, now_at=call.now_at)


def _commune(call: Call) -> ProvinceCommune:
    return communes.get(call.s, call.path["commune_id"])


def _answer(call: Call, commune: ProvinceCommune, secret: str = "") -> bodies.ProvinceCommuneAnswer:
    return bodies.ProvinceCommuneAnswer(
        id=commune.id,
        name=commune.name,
        joined_at=commune.joined_at,
        seen_at=commune.seen_at,
        nodes=len(commune.nodes or ()),
        silent_nodes=sum(bool(each.get("silent")) for each in commune.nodes or ()),
        nodes_at=commune.nodes_at,
        went_back_at=commune.went_back_at,
        steps=sorted(commune_steps(call.s, commune, call.by)),
        code=str(exchange_code(secret)) if secret else None,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/province/communes",
        summary="Cấp trên: các xã, liên lạc và cụm loa của từng xã.",
        act=listing,
        access=READING,
        gives=list[bodies.ProvinceCommuneAnswer],
    ),
    Endpoint(
        method="POST",
        path="/province/communes",
        summary="Cấp trên: thêm xã; mã để xã theo chỉ trả lời một lần này.",
        act=add,
        access=over_commune("manage_people"),
        takes=bodies.NewProvinceCommune,
        gives=bodies.ProvinceCommuneAnswer,
        status=201,
    ),
    Endpoint(
        method="POST",
        path="/province/communes/{commune_id}/renew",
        summary="Cấp trên: mã mới cho xã.",
        act=renew,
        access=over_commune("manage_people"),
        gives=bodies.ProvinceCommuneAnswer,
    ),
    Endpoint(
        method="POST",
        path="/province/communes/{commune_id}/seen",
        summary="Cấp trên: đã biết rằng một bản sao cũ được khôi phục ở đây.",
        act=seen,
        access=over_commune("manage_people"),
        status=204,
    ),
    Endpoint(
        method="DELETE",
        path="/province/communes/{commune_id}",
        summary="Cấp trên: bỏ xã khỏi danh sách; những gì xã đã báo cáo vẫn còn.",
        act=close,
        access=over_commune("manage_people"),
        status=204,
    ),
)
