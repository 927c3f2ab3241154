"""The station's own key, which signs what goes down and opens what is sealed here, and the codes that name it."""

from flask import request

from broadcaster.protocol.exchange.messages import ExchangeCode, key_fingerprint
from broadcaster.station.nodes.station_key import StationIdentity
from web.shell.services import services


def own_identity() -> StationIdentity:
    config = services().config
    return StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id)


def exchange_code(secret: str) -> ExchangeCode:
    """With the address by which communes come here."""
    web = services().config.web
    url = web.public_url.rstrip("/") + web.path_prefix if web.public_url else request.url_root.rstrip("/")
    return ExchangeCode(url, key_fingerprint(own_identity().public_key), secret)
