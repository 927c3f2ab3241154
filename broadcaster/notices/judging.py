"""What became of an attempt, told from the answer it got."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from broadcaster.notices.outside import Attempt
from broadcaster.refusals.reasons import Reason
from broadcaster.station.notices.sendings import SendingTrouble

DEFAULT_WAIT = timedelta(seconds=30)
"""Where the other side asks to wait and does not say how long."""
MOST_WAIT = timedelta(days=1)
_BUSY = (408, 425, 429, 503)


def trouble_of(attempt: Attempt) -> SendingTrouble | None:
    """None where the other side answered that it took the message."""
    if attempt.refused:
        return SendingTrouble(Reason("notice.address_refused"), refused=True)
    if attempt.smtp_code is not None:
        refused = attempt.smtp_code >= 500
        return SendingTrouble(Reason("notice.mail_refused", status=attempt.smtp_code), refused=refused)
    if attempt.status is None:
        return SendingTrouble(Reason("notice.no_answer"))
    return _of_status(attempt, attempt.status)


def _of_status(attempt: Attempt, status: int) -> SendingTrouble | None:
    if 200 <= status < 300:
        return SendingTrouble(Reason("notice.page_answered")) if is_web_page(attempt) else None
    if status == 429 or (status in _BUSY and attempt.retry_after):
        return SendingTrouble(Reason("notice.asked_to_wait"), wait=wait_of(attempt))
    if 300 <= status < 400:
        return SendingTrouble(Reason("notice.redirected"), refused=True)
    refused = 400 <= status < 500 and status not in _BUSY
    return SendingTrouble(Reason("notice.answered", status=status), refused=refused)


def is_web_page(attempt: Attempt) -> bool:
    """A page for people is no answer: some network asks for its login first."""
    start = attempt.body.lstrip()[:15].lower()
    return attempt.media == "text/html" or start.startswith((b"<!doctype", b"<html"))


def answer_of(attempt: Attempt) -> dict[str, Any]:
    """The answer as JSON; empty for any other."""
    try:
        found = json.loads(attempt.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def wait_of(attempt: Attempt) -> timedelta:
    """How long the other side asks to wait: seconds or a date in the head (RFC 9110), or seconds as Telegram says."""
    text = attempt.retry_after.strip()
    if text.isdecimal() and len(text) < 8:
        return _bounded(timedelta(seconds=int(text)))
    if text:
        try:
            return _bounded(parsedate_to_datetime(text).astimezone(UTC) - datetime.now(UTC))
        except (ValueError, TypeError):
            return DEFAULT_WAIT
    parameters = answer_of(attempt).get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return _bounded(timedelta(seconds=min(seconds, 86_400))) if isinstance(seconds, int) else DEFAULT_WAIT


def _bounded(wait: timedelta) -> timedelta:
    return min(max(wait, timedelta(seconds=1)), MOST_WAIT)
