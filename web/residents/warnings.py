"""The commune's own alarms for programs: a feed, and a signed CAP 1.2 document for each; the certificate to pin."""

from zoneinfo import ZoneInfo

from flask import Response, url_for
from sqlalchemy.orm import Session

from broadcaster.cap import writing
from broadcaster.cap.values import Alert
from broadcaster.station.alerts import outgoing
from broadcaster.station.alerts.own_certificate import OwnCertificate
from broadcaster.station.emergencies import order_records
from broadcaster.station.rules import commune_rules
from broadcaster.station.schema import EmergencyOrder
from web.residents.page_cache import render, shared
from web.residents.pages import absolute, blueprint, require_open
from web.security.access import ANYBODY, asks
from web.shell.services import services


@blueprint.get("/canh-bao.atom")
@asks(ANYBODY)
def warnings_feed() -> Response:
    return shared(_feed, mimetype="application/atom+xml")


@blueprint.get("/canh-bao/<order_id>.xml")
@asks(ANYBODY)
def warning(order_id: str) -> Response:
    with services().database.reading() as s:
        require_open(s)
        order = order_records.get(s, order_id)
        document = writing.write(_message(s, order))
    answer = Response(_certificate().sign(document), mimetype="application/cap+xml")
    answer.headers["Cache-Control"] = "public, max-age=30"
    return answer


@blueprint.get("/canh-bao.pem")
@asks(ANYBODY)
def warnings_certificate() -> Response:
    return Response(_certificate().pem, mimetype="application/x-pem-file")


def _message(s: Session, order: EmergencyOrder) -> Alert:
    station = services().config.station
    name = commune_rules.read(s).station_name or station.name
    return outgoing.message(s, order, station=station.id, station_name=name, zone=ZoneInfo(station.timezone))


def _certificate() -> OwnCertificate:
    config = services().config
    return OwnCertificate.load_or_create(config.data_dir, config.station.name, now_at=services().clock())


def _feed(s: Session) -> str:
    require_open(s)
    orders = outgoing.recent(s, now_at=services().clock())
    return render(
        "residents/warnings.xml",
        station_name=commune_rules.read(s).station_name or services().config.station.name,
        itself=absolute(url_for("residents.warnings_feed")),
        items=[(each, _message(s, each)) for each in orders],
        updated_at=max((each.asked_at for each in orders), default=services().clock()),
        absolute=absolute,
    )
