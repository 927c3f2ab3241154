"""Zalo's official account: its tokens renew themselves, are worth one renewal, and are saved before they are used."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from sqlalchemy import select

from broadcaster.network_settings import NoticeSettings
from broadcaster.notices.messages import OutsideMessage
from broadcaster.notices.official_account import OfficialAccountSender
from broadcaster.station.database.engine import Database
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.notices.targets import ChannelTarget
from broadcaster.station.schema import Setting
from tests.doubles import outside_services as doubles
from tests.doubles.outside_services import Handler, OutsideDouble

pytestmark = pytest.mark.integration
MESSAGE = OutsideMessage("tin", "test", "Tin thử", "https://loa.test/notices/ab", False)
TARGET = ChannelTarget(address="778899")
NOW = datetime(2026, 12, 1, tzinfo=UTC)


class RotatingTokens:
    """Gives a token for each renewal, takes only the newest one, and no renewal twice."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, handler: Handler) -> None:
        heard = handler.double.heard[-1]
        if not handler.path.endswith("/access_token"):
            right = heard.headers.get("access_token") == f"vao-{self.number}"
            handler.answer(200, {"error": 0 if right else -216, "message": "Access token"})
        elif parse_qs(heard.body.decode())["refresh_token"] == [f"lam-moi-{self.number}"]:
            self.number += 1
            fresh = {"access_token": f"vao-{self.number}", "refresh_token": f"lam-moi-{self.number}"}
            handler.answer(200, fresh | {"expires_in": "90000"})
        else:
            handler.answer(200, {"error": -14014, "error_name": "Invalid refresh token"})


@pytest.fixture
def outside() -> Iterator[OutsideDouble]:
    with doubles.outside_double() as double:
        double.behaviour = RotatingTokens()
        yield double


def sender(database: Database, double: OutsideDouble, *, now_at: datetime = NOW) -> OfficialAccountSender:
    settings = NoticeSettings(
        attempt_seconds=45,
        zalo_oa_app_id="12",
        zalo_oa_secret="khoa",
        zalo_oa_refresh_token="lam-moi-0",
        zalo_oa_address=double.address,
        zalo_oauth_address=double.address,
    )
    return OfficialAccountSender(settings, database, Sealer(b"k" * 32), lambda: now_at)


def test_the_first_message_renews_and_the_next_do_not(database: Database, outside: OutsideDouble) -> None:
    sending = sender(database, outside)
    assert [sending(TARGET, MESSAGE), sending(TARGET, MESSAGE)] == [None, None]
    paths = [each.path.rpartition("/")[2] for each in outside.heard]
    assert paths == ["access_token", "cs", "cs"]


def test_a_station_that_starts_again_goes_on_with_the_newest_token(database: Database, outside: OutsideDouble) -> None:
    assert sender(database, outside)(TARGET, MESSAGE) is None
    later = sender(database, outside, now_at=NOW + timedelta(days=2))
    assert later(TARGET, MESSAGE) is None
    with database.reading() as s:
        stored = [str(each.value) for each in s.scalars(select(Setting))]
    assert "lam-moi" not in "".join(stored)


def test_a_token_that_was_renewed_elsewhere_is_renewed_once_more(database: Database, outside: OutsideDouble) -> None:
    sending = sender(database, outside)
    assert sending(TARGET, MESSAGE) is None
    good = outside.behaviour

    def forgetful(handler: Handler) -> None:
        """The service lets no token last."""
        outside.behaviour = good
        handler.answer(200, {"error": -216, "message": "Access token is invalid"})

    outside.behaviour = forgetful
    assert sending(TARGET, MESSAGE) is None


def test_a_refresh_token_that_is_over_is_said_in_words(database: Database, outside: OutsideDouble) -> None:
    outside.behaviour = lambda handler: handler.answer(200, {"error": -14014})
    trouble = sender(database, outside)(TARGET, MESSAGE)
    assert trouble is not None
    assert (trouble.reason.code, trouble.refused) == ("notice.account_refused", True)


def test_who_does_not_follow_the_account_is_told_so(database: Database, outside: OutsideDouble) -> None:
    good = outside.behaviour

    def no_follower(handler: Handler) -> None:
        if handler.path.endswith("/access_token"):
            good(handler)
        else:
            handler.answer(200, {"error": -213})

    outside.behaviour = no_follower
    trouble = sender(database, outside)(TARGET, MESSAGE)
    assert trouble is not None
    assert trouble.reason.code == "notice.account_answered"
