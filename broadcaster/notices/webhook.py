"""Signed webhooks: a POST of JSON, with an HMAC over the moment and the body that its receiver can check."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime

import requests

from broadcaster.notices import http, outside
from broadcaster.notices.judging import trouble_of
from broadcaster.notices.messages import OutsideMessage
from broadcaster.notices.outside import AddressRule
from broadcaster.station.notices.sendings import SendingTrouble
from broadcaster.station.notices.targets import ChannelTarget

SIGNATURE = "X-Loa-Signature"


def signature(secret: str, body: bytes, *, moment: int) -> str:
    """``t=…,v1=…``: seconds since 1970, and the hex of HMAC-SHA256 over ``t.body``."""
    digest = hmac.digest(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hex()
    return f"t={moment},v1={digest}"


class WebhookSender:
    """A sender; see ``senders.Sender``."""

    def __init__(self, rule: AddressRule, clock: Callable[[], datetime], *, seconds: float) -> None:
        self._rule = rule
        self._clock = clock
        self._seconds = seconds

    def __call__(self, target: ChannelTarget, message: OutsideMessage) -> SendingTrouble | None:
        said = {"id": message.id, "kind": message.kind, "title": message.title, "link": message.link}
        body = json.dumps(said | {"urgent": message.urgent}, ensure_ascii=False).encode()
        moment = int(self._clock().timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            SIGNATURE: signature(target.secret, body, moment=moment),
        }
        with outside.attempting(self._rule, seconds=self._seconds) as attempt:
            try:
                http.post(target.address, data=body, headers=headers)
            except requests.RequestException:
                attempt.status = None
        return trouble_of(attempt)
