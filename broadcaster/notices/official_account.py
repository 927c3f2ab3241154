"""Zalo's official accounts (OpenAPI v3): a message to a follower, with a token that lives a day and renews itself.

The token to renew with is worth one renewal: the new one is saved before anything else is done.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import requests

from broadcaster.errors import Unavailable
from broadcaster.network_settings import NoticeSettings
from broadcaster.notices import http, outside
from broadcaster.notices.judging import answer_of, trouble_of
from broadcaster.notices.messages import OutsideMessage
from broadcaster.notices.outside import Attempt
from broadcaster.refusals.reasons import Reason
from broadcaster.station.database.engine import Database
from broadcaster.station.notices import account_tokens
from broadcaster.station.notices.account_tokens import AccountTokens
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.notices.sendings import SendingTrouble
from broadcaster.station.notices.targets import ChannelTarget

EXPIRED = (-216, -124, -220)
"""What Zalo answers to an access token that is over or foreign."""
BUSY = (-32, -211)
"""Too many requests."""
EARLY = timedelta(minutes=5)


class OfficialAccountSender:
    """A sender; see ``senders.Sender``."""

    def __init__(
        self, settings: NoticeSettings, database: Database, sealer: Sealer, clock: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._renewing = threading.Lock()

    def __call__(self, target: ChannelTarget, message: OutsideMessage) -> SendingTrouble | None:
        token = self._token(worn="")
        if isinstance(token, SendingTrouble):
            return token
        attempt = self._send(token, target, message)
        if answer_of(attempt).get("error") in EXPIRED:
            token = self._token(worn=token)
            if isinstance(token, SendingTrouble):
                return token
            attempt = self._send(token, target, message)
        return _judged(attempt)

    def _send(self, token: str, target: ChannelTarget, message: OutsideMessage) -> Attempt:
        said = {
            "recipient": {"user_id": target.address},
            "message": {"text": f"{message.title}\n{message.link}"},
        }
        return self._asked(f"{self._settings.zalo_oa_address}/v3.0/oa/message/cs", json=said, token=token)

    def _token(self, *, worn: str) -> str | SendingTrouble:
        """An access token that is not ``worn``; renewed by one thread at a time."""
        with self._renewing:
            with self._database.reading() as s:
                known = account_tokens.read(s, self._sealer, first=self._settings.zalo_oa_refresh_token)
            if known.access and known.access != worn and known.expires_at > self._clock() + EARLY:
                return known.access
            return self._renewed(known)

    def _renewed(self, known: AccountTokens) -> str | SendingTrouble:
        form = {
            "app_id": self._settings.zalo_oa_app_id,
            "grant_type": "refresh_token",
            "refresh_token": known.refresh,
        }
        attempt = self._asked(f"{self._settings.zalo_oauth_address}/v4/oa/access_token", data=form)
        answer = answer_of(attempt)
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if not isinstance(access, str) or not isinstance(refresh, str):
            return trouble_of(attempt) or SendingTrouble(Reason("notice.account_refused"), refused=True)
        lasting = timedelta(seconds=_seconds(answer.get("expires_in")))
        made = AccountTokens(access, refresh, self._clock() + lasting, self._settings.zalo_oa_refresh_token)
        try:
            with self._database.session() as s:
                account_tokens.write(s, self._sealer, made)
        except Unavailable:
            return SendingTrouble(Reason("notice.no_answer"))
        return access

    def _asked(self, address: str, *, token: str = "", **more: Any) -> Attempt:
        headers = {"access_token": token} if token else {"secret_key": self._settings.zalo_oa_secret}
        with outside.attempting(None, seconds=self._settings.attempt_seconds / 3) as attempt:
            try:
                http.post(address, headers=headers, **more)
            except requests.RequestException:
                attempt.status = None
        return attempt


def _judged(attempt: Attempt) -> SendingTrouble | None:
    trouble = trouble_of(attempt)
    if trouble is not None:
        return trouble
    error = answer_of(attempt).get("error")
    if error == 0:
        return None
    if not isinstance(error, int):
        return SendingTrouble(Reason("notice.answer_unfit"))
    if error in BUSY:
        return SendingTrouble(Reason("notice.asked_to_wait"), wait=timedelta(minutes=1))
    return SendingTrouble(Reason("notice.account_answered", status=error), refused=True)


def _seconds(stated: object) -> int:
    """Zalo writes the number as text."""
    text = str(stated)
    return min(int(text), 86_400 * 2) if text.isdecimal() and len(text) < 9 else 3_600
