"""Every kind of channel against a service that behaves, and against ten that do not."""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from broadcaster.network_settings import NoticeSettings
from broadcaster.notices.apprise_channels import AppriseChannels
from broadcaster.notices.messages import OutsideMessage
from broadcaster.notices.outside import AddressRule
from broadcaster.notices.senders import Sender
from broadcaster.notices.web_push import WebPushSender
from broadcaster.notices.webhook import WebhookSender
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.notices.sendings import SendingTrouble
from broadcaster.station.notices.targets import ChannelTarget
from tests.doubles import outside_services as doubles
from tests.doubles.outside_services import MailDouble, OutsideDouble

MESSAGE = OutsideMessage(
    "tin", "approval_waits", "Chờ bạn duyệt: “Lũ trên sông Bé”", "https://loa.test/notices/ab", True
)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
TOKEN = "123456:bi-mat-cua-bot"
HERE = AddressRule(("127.0.0.0/8",))
KINDS = ("zalo", "telegram", "ntfy", "webhook", "web_push")
BROWSER = ec.derive_private_key(77, ec.SECP256R1())
SECRET = b"0123456789abcdef"


@pytest.fixture
def outside() -> Iterator[OutsideDouble]:
    with doubles.outside_double() as double:
        yield double


@pytest.fixture
def mail() -> Iterator[MailDouble]:
    with doubles.mail_double() as double:
        yield double


def send(kind: str, double: OutsideDouble, *, rule: AddressRule = HERE, seconds: float = 20) -> SendingTrouble | None:
    settings = NoticeSettings(
        attempt_seconds=seconds,
        zalo_bot_token=TOKEN,
        zalo_address=double.address,
        telegram_bot_token=TOKEN,
        telegram_address=double.address,
    )
    libraries = AppriseChannels(settings, rule)
    every: dict[str, tuple[Sender, ChannelTarget]] = {
        "zalo": (libraries.zalo, ChannelTarget(address="chat.7")),
        "telegram": (libraries.telegram, ChannelTarget(address="778899")),
        "ntfy": (libraries.ntfy, ChannelTarget(address=f"{double.address}/chu-de-bi-mat")),
        "webhook": (
            WebhookSender(rule, lambda: NOW, seconds=seconds),
            ChannelTarget(address=f"{double.address}/bi-mat", secret="khoa"),
        ),
        "web_push": (
            WebPushSender(rule, Sealer(b"s" * 32), contact="mailto:a@loa.test", seconds=seconds),
            browser(f"{double.address}/push/bi-mat"),
        ),
    }
    sender, target = every[kind]
    return sender(target, MESSAGE)


def browser(endpoint: str) -> ChannelTarget:
    point = BROWSER.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return ChannelTarget(
        address=endpoint,
        p256dh=base64.urlsafe_b64encode(point).decode().rstrip("="),
        auth=base64.urlsafe_b64encode(SECRET).decode().rstrip("="),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_is_a_title_and_a_link(kind: str, outside: OutsideDouble) -> None:
    assert send(kind, outside) is None
    (heard,) = outside.heard
    body = heard.body
    if kind == "web_push":
        body = http_ece.decrypt(body, private_key=BROWSER, auth_secret=SECRET, version="aes128gcm")
    text = json.dumps(json.loads(body), ensure_ascii=False)
    assert "Lũ trên sông Bé" in text
    assert "https://loa.test/notices/ab" in text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("behaviour", "code", "refused"),
    [
        (doubles.broken, "notice.answered", False),
        (doubles.page, "notice.page_answered", False),
        (doubles.redirecting, "notice.redirected", True),
        (doubles.halfway, "notice.no_answer", False),
        (doubles.cut, "notice.no_answer", False),
        (doubles.foreign_token, "notice.answered", True),
    ],
)
def test_what_is_no_yes_is_known_for_what_it_is(
    kind: str, behaviour: doubles.Behaviour, code: str, refused: bool, outside: OutsideDouble
) -> None:
    outside.behaviour = behaviour
    trouble = send(kind, outside)
    assert trouble is not None
    assert (trouble.reason.code, trouble.refused, trouble.gone) == (code, refused, False)
    assert len(outside.heard) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_asks_to_wait_says_how_long(kind: str, outside: OutsideDouble) -> None:
    outside.behaviour = doubles.busy
    trouble = send(kind, outside)
    assert trouble is not None
    assert trouble.wait == timedelta(seconds=7)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("behaviour", [doubles.hanging, doubles.trickling])
def test_no_attempt_outlasts_its_time(kind: str, behaviour: doubles.Behaviour, outside: OutsideDouble) -> None:
    outside.behaviour = behaviour
    trouble = send(kind, outside, seconds=0.4)
    assert trouble is not None
    assert trouble.reason.code == "notice.no_answer"


@pytest.mark.parametrize("kind", ["ntfy", "webhook", "web_push"])
def test_nobody_leads_the_station_into_its_own_network(kind: str, outside: OutsideDouble) -> None:
    trouble = send(kind, outside, rule=AddressRule())
    assert trouble is not None
    assert (trouble.reason.code, trouble.refused) == ("notice.address_refused", True)
    assert outside.heard == []


@pytest.mark.parametrize("kind", KINDS)
def test_secrets_stand_in_no_log(kind: str, outside: OutsideDouble, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for behaviour in (doubles.well, doubles.broken, doubles.cut):
        outside.behaviour = behaviour
        assert "bi-mat" not in str(send(kind, outside))
    assert "bi-mat" not in caplog.text


def test_a_browser_that_is_gone_is_known_as_such(outside: OutsideDouble) -> None:
    outside.behaviour = lambda handler: handler.answer(410, {})
    trouble = send("web_push", outside)
    assert trouble is not None
    assert trouble.gone


def test_a_webhook_can_check_who_wrote_and_when(outside: OutsideDouble) -> None:
    assert send("webhook", outside) is None
    (heard,) = outside.heard
    moment, digest = (part.partition("=")[2] for part in heard.headers["X-Loa-Signature"].split(","))
    assert moment == str(int(NOW.timestamp()))
    assert digest == hmac.digest(b"khoa", moment.encode() + b"." + heard.body, hashlib.sha256).hex()


def mail_trouble(mail: MailDouble, *, seconds: float = 20) -> SendingTrouble | None:
    chosen = NoticeSettings(smtp_host="127.0.0.1", smtp_port=mail.port, smtp_security="insecure")
    chosen = replace(chosen, smtp_from="loa@xa.test", attempt_seconds=seconds)
    return AppriseChannels(chosen, AddressRule()).email(ChannelTarget(address="hoa@xa.test"), MESSAGE)


def test_a_letter_arrives(mail: MailDouble) -> None:
    assert mail_trouble(mail) is None
    (letter,) = mail.letters
    assert b"hoa@xa.test" in letter


@pytest.mark.parametrize(("answer", "refused"), [(b"451 later", False), (b"550 unknown", True)])
def test_a_mail_servers_no_is_for_now_or_for_good(mail: MailDouble, answer: bytes, refused: bool) -> None:
    mail.refusing = answer
    trouble = mail_trouble(mail)
    assert trouble is not None
    assert (trouble.reason.code, trouble.refused) == ("notice.mail_refused", refused)


def test_a_silent_mail_server_is_left_alone_in_time(mail: MailDouble) -> None:
    mail.silent = True
    trouble = mail_trouble(mail, seconds=0.4)
    assert trouble is not None
    assert trouble.reason.code == "notice.no_answer"
