"""A level above for programs, such as a gateway to another platform (``loa exchange translate``)."""

from broadcaster.station.province import communes, figures, items, taking_reports
from broadcaster.station.province.items import ItemFields
from broadcaster.station.province.steps import item_steps
from broadcaster.station.schema import ProvinceItem
from web.api.endpoints import Call, Endpoint
from web.exchange.identity import own_identity
from web.forms import parsing
from web.province import bodies
from web.security.access import READING, over_commune


def listing(call: Call) -> list[bodies.ProvinceItemAnswer]:
    found = items.listing(call.s)
    rows = figures.matrix(call.s, found)
    return [_answer(call, each, rows) for each in found]


def one(call: Call) -> bodies.ProvinceItemAnswer:
    found = items.get(call.s, call.path["province_item_id"])
    return _answer(call, found, figures.matrix(call.s, [found]))


def compose(call: Call) -> bodies.ProvinceItemAnswer:
    wanted: bodies.NewProvinceItem = call.body
    written = ItemFields(
        title=wanted.title,
        text=wanted.text,
        broadcast_class=wanted.broadcast_class,
        drill=wanted.drill,
        document_number=wanted.document_number,
        wished_at=parsing.sent_instant(wanted.wished_at, field="wished_at"),
        valid_until_at=parsing.sent_instant(wanted.valid_until_at, field="valid_until_at"),
        communes=wanted.communes or [each.id for each in communes.listing(call.s)],
        given_id=wanted.id,
    )
    made = items.compose(call.s, written, by=call.by, now_at=call.now_at)
    return _answer(call, made, figures.matrix(call.s, [made]))


def release(call: Call) -> None:
    item = items.get(call.s, call.path["province_item_id"])
    items.release(call.s, own_identity(), item=item, by=call.by, now_at=call.now_at)


def drop(call: Call) -> None:
    item = items.get(call.s, call.path["province_item_id"])
    items.drop(call.s, item=item, by=call.by, now_at=call.now_at)


def withdraw(call: Call) -> None:
    item = items.get(call.s, call.path["province_item_id"])
    items.withdraw(call.s, own_identity(), item=item, by=call.by, now_at=call.now_at)


def reports(call: Call) -> list[bodies.ProvinceReportAnswer]:
    since_at = parsing.sent_instant(call.query.get("since", ""), field="since")
    found = taking_reports.stored_since(call.s, since_at)
    given = items.given_ids(call.s, {each.item for each in found})
    return [
        bodies.ProvinceReportAnswer(
            commune=each.commune_id,
            item=given.get(each.item, each.item),
            report=each.report,
            stored_at=each.stored_at,
            body=each.body,
        )
        for each in found
    ]


def _answer(call: Call, item: ProvinceItem, rows: list[figures.MatrixRow]) -> bodies.ProvinceItemAnswer:
    offers = [each.offers[item.id] for each in rows if item.id in each.offers]
    return bodies.ProvinceItemAnswer(
        id=item.id,
        given_id=item.given_id,
        title=item.title,
        broadcast_class=item.broadcast_class.value,
        drill=item.drill,
        communes=item.communes,
        composed_at=item.composed_at,
        released_at=item.released_at,
        withdrawn_at=item.withdrawn_at,
        offers=[
            bodies.OfferStand(
                commune=each.commune_id,
                state=each.state,
                received_at=each.received_at,
                planned_at=each.planned_at,
                nodes_played=each.nodes_played,
                nodes_failed=each.nodes_failed,
                seconds=each.seconds,
                words=each.words,
            )
            for each in offers
        ],
        steps=sorted(item_steps(call.s, item, call.by, now_at=call.now_at)),
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/province/items",
        summary="Cấp trên: các bản tin đã soạn cho xã, mới nhất trước, và từng xã đã làm gì.",
        act=listing,
        access=READING,
        gives=list[bodies.ProvinceItemAnswer],
    ),
    Endpoint(
        method="POST",
        path="/province/items",
        summary="Cấp trên: soạn một bản tin cho các xã; người khác phải gửi.",
        act=compose,
        access=over_commune("write"),
        takes=bodies.NewProvinceItem,
        gives=bodies.ProvinceItemAnswer,
        status=201,
    ),
    Endpoint(
        method="GET",
        path="/province/items/{province_item_id}",
        summary="Cấp trên: một bản tin và từng xã đã làm gì.",
        act=one,
        access=READING,
        gives=bodies.ProvinceItemAnswer,
    ),
    Endpoint(
        method="DELETE",
        path="/province/items/{province_item_id}",
        summary="Cấp trên: bỏ bản tin chưa gửi.",
        act=drop,
        access=over_commune("write"),
        status=204,
    ),
    Endpoint(
        method="POST",
        path="/province/items/{province_item_id}/release",
        summary="Cấp trên: gửi bản tin mà người khác đã soạn.",
        act=release,
        access=over_commune("approve"),
        status=204,
    ),
    Endpoint(
        method="POST",
        path="/province/items/{province_item_id}/withdraw",
        summary="Cấp trên: thu hồi bản tin đã gửi.",
        act=withdraw,
        access=over_commune("approve"),
        status=204,
    ),
    Endpoint(
        method="GET",
        path="/province/reports",
        summary="Cấp trên: báo cáo của các xã theo thứ tự nhận, nhiều nhất 500.",
        act=reports,
        access=READING,
        gives=list[bodies.ProvinceReportAnswer],
        query={"since": "chỉ những báo cáo nhận từ lúc này"},
    ),
)
