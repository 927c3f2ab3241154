"""What levels above offer, for programs of the commune."""

from broadcaster.station.exchange import choices
from broadcaster.station.exchange.steps import offer_steps
from broadcaster.station.schema import ReceivedOffer
from web.api.endpoints import Call, Endpoint
from web.exchange import bodies
from web.security.access import READING, over_commune


def listing(call: Call) -> list[bodies.OfferAnswer]:
    return [_answer(call, each) for each in (*choices.waiting(call.s), *choices.settled(call.s))]


def take(call: Call) -> bodies.OfferTaken:
    offer = choices.get(call.s, call.path["offer_id"])
    return bodies.OfferTaken(announcement=choices.take(call.s, offer=offer, by=call.by, now_at=call.now_at).id)


def decline(call: Call) -> None:
    offer = choices.get(call.s, call.path["offer_id"])
    choices.decline(call.s, offer=offer, words=call.body.words, by=call.by, now_at=call.now_at)


def _answer(call: Call, row: ReceivedOffer) -> bodies.OfferAnswer:
    return bodies.OfferAnswer(
        id=row.id,
        upper=row.upper.upper,
        item=row.item,
        title=row.title,
        text=row.text,
        broadcast_class=row.broadcast_class.value,
        drill=row.drill,
        document_number=row.document_number,
        has_sound=row.recording_sha256 is not None,
        state=row.state.value,
        words=row.words,
        received_at=row.received_at,
        wished_at=row.wished_at,
        valid_until_at=row.valid_until_at,
        announcement_id=row.announcement_id,
        steps=sorted(offer_steps(call.s, row, call.by)),
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/offers",
        summary="Bản tin cấp trên: đang chờ xã quyết định trước, rồi đã quyết định.",
        act=listing,
        access=READING,
        gives=list[bodies.OfferAnswer],
    ),
    Endpoint(
        method="POST",
        path="/offers/{offer_id}/take",
        summary="Nhận bản tin cấp trên làm bản nháp của xã.",
        act=take,
        access=over_commune("write"),
        gives=bodies.OfferTaken,
    ),
    Endpoint(
        method="POST",
        path="/offers/{offer_id}/decline",
        summary="Không phát bản tin cấp trên này, và vì sao.",
        act=decline,
        access=over_commune("write"),
        takes=bodies.OfferRefusal,
        status=204,
    ),
)
