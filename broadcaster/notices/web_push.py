"""Messages to browsers (RFC 8030, 8291, 8292) through pywebpush: only the browser itself can read them."""

import json

import requests
from py_vapid import Vapid
from pywebpush import WebPushException, webpush

from broadcaster.notices import outside
from broadcaster.notices.http import OutsideSession
from broadcaster.notices.judging import trouble_of
from broadcaster.notices.messages import OutsideMessage
from broadcaster.notices.outside import AddressRule
from broadcaster.refusals.reasons import Reason
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.notices.sendings import SendingTrouble
from broadcaster.station.notices.targets import ChannelTarget

GONE = (404, 410)
"""The browser took its subscription back, or the profile is gone."""
TTL_SECONDS = 6 * 3600
"""How long a push service holds a message for a telephone that is off."""


class WebPushSender:
    """A sender; see ``senders.Sender``."""

    def __init__(self, rule: AddressRule, sealer: Sealer, *, contact: str, seconds: float) -> None:
        self._rule = rule
        self._key = Vapid(private_key=sealer.push_key)
        self._contact = contact
        self._seconds = seconds

    def __call__(self, target: ChannelTarget, message: OutsideMessage) -> SendingTrouble | None:
        subscription = {"endpoint": target.address, "keys": {"p256dh": target.p256dh, "auth": target.auth}}
        said = json.dumps({"id": message.id, "title": message.title, "link": message.link}, ensure_ascii=False)
        with outside.attempting(self._rule, seconds=self._seconds) as attempt, OutsideSession() as session:
            try:
                webpush(
                    subscription,
                    said,
                    vapid_private_key=self._key,
                    vapid_claims={"sub": self._contact},
                    ttl=TTL_SECONDS,
                    headers={"Urgency": "high" if message.urgent else "normal"},
                    requests_session=session,
                )
            except WebPushException:
                pass  # the status it is about was noted
            except requests.RequestException:
                attempt.status = None
        if attempt.status in GONE:
            return SendingTrouble(Reason("notice.browser_gone"), gone=True)
        return trouble_of(attempt)
