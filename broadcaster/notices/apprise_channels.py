"""Zalo's bots, Telegram, ntfy and e-mail, through apprise, whose plugins connect only as we allow."""

import logging
import smtplib
import socket
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import requests

from broadcaster.network_settings import NoticeSettings
from broadcaster.notices import http, outside
from broadcaster.notices.apprise_plugins import (
    Apprise,
    AppriseAsset,
    NotifyBase,
    NotifyEmail,
    NotifyFormat,
    email_smtp,
    ntfy_plugin,
    telegram_plugin,
    zalo_plugin,
)
from broadcaster.notices.judging import answer_of, trouble_of
from broadcaster.notices.messages import OutsideMessage
from broadcaster.notices.outside import AddressRule
from broadcaster.refusals.reasons import Reason
from broadcaster.station.notices.sendings import SendingTrouble
from broadcaster.station.notices.targets import ChannelTarget

for _name in ("apprise", "urllib3.connection", "urllib3.connectionpool"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)  # they write addresses with tokens into the log


class _Mail(smtplib.SMTP):
    """Through our connections; what the server refuses is noted at the attempt."""

    def __init__(self, host: str, port: int, _name: str | None = None, **more: Any) -> None:
        super().__init__(host, port, local_hostname=socket.gethostname() or "localhost", **more)

    def _get_socket(self, host: str, port: int, _timeout: Any) -> socket.socket:
        return outside.connect(host, port)

    def getreply(self) -> tuple[int, bytes]:
        code, words = super().getreply()
        if code >= 400:
            outside.current().smtp_code = code
        return code, words

    def sendmail(self, *arguments: Any, **more: Any) -> Any:
        """The server's word on the whole message; a refusal of the one recipient is an error."""
        refused = super().sendmail(*arguments, **more)
        outside.current().status, outside.current().smtp_code = 200, None
        return refused


class _TlsMail(_Mail, smtplib.SMTP_SSL):
    def __init__(self, host: str, port: int, _name: str | None = None, *, context: Any, **more: Any) -> None:
        self.context, self.keyfile, self.certfile = context, None, None
        _Mail.__init__(self, host, port, **more)

    def _get_socket(self, host: str, port: int, _timeout: Any) -> socket.socket:
        return self.context.wrap_socket(outside.connect(host, port), server_hostname=host)


_REQUESTS = SimpleNamespace(post=http.post, codes=requests.codes, RequestException=requests.RequestException)
_SMTPLIB = SimpleNamespace(SMTP=_Mail, SMTP_SSL=_TlsMail, SMTPException=smtplib.SMTPException)
for _plugin in (zalo_plugin, telegram_plugin, ntfy_plugin):
    vars(_plugin)["requests"] = _REQUESTS
vars(email_smtp)["smtplib"] = _SMTPLIB

_ASSET = AppriseAsset(
    app_id=http.AGENT,
    app_desc="",
    app_url="",
    image_url_mask="",
    image_path_mask="",
    async_mode=False,
    http_redirects=False,
    plugin_paths=[],
)


class AppriseChannels:
    """A sender for each kind; see ``senders.Sender``."""

    def __init__(self, settings: NoticeSettings, rule: AddressRule) -> None:
        self._settings = settings
        self._rule = rule

    def zalo(self, target: ChannelTarget, message: OutsideMessage) -> SendingTrouble | None:
        plugin = zalo_plugin.NotifyZalo(
            token=self._settings.zalo_bot_token, targets=[target.address], asset=_ASSET, **self._limits()
        )
        plugin.notify_url = self._settings.zalo_address + "/bot{token}/sendMessage"
        return self._sent(plugin, message, rule=None, mark="ok")

    def telegram(self, target: ChannelTarget, message: OutsideMessage) -> SendingTrouble | None:
        plugin = telegram_plugin.NotifyTelegram(  # type: ignore[no-untyped-call]
            bot_token=self._settings.telegram_bot_token,
            targets=[target.address],
            detect_owner=False,
            asset=_ASSET,
            **self._limits(),
        )
        plugin.notify_url = self._settings.telegram_address + "/bot"
        return self._sent(plugin, message, rule=None, mark="ok")

    def ntfy(self, target: ChannelTarget, message: OutsideMessage) -> SendingTrouble | None:
        parts = urlsplit(target.address)
        plugin = ntfy_plugin.NotifyNtfy(  # type: ignore[no-untyped-call]
            targets=[parts.path.removeprefix("/")],
            mode="private",
            host=parts.hostname,
            port=parts.port,
            secure=parts.scheme == "https",
            click=message.link,
            priority="high" if message.urgent else "default",
            include_image=False,
            asset=_ASSET,
            **self._limits(),
        )
        return self._sent(plugin, message, rule=self._rule, mark="id")

    def email(self, target: ChannelTarget, message: OutsideMessage) -> SendingTrouble | None:
        chosen = self._settings
        sender = chosen.smtp_from or chosen.smtp_username
        plugin = NotifyEmail(  # type: ignore[no-untyped-call]
            smtp_host=chosen.smtp_host,
            host=sender.partition("@")[2] or chosen.smtp_host,
            port=chosen.smtp_port,
            secure=chosen.smtp_security != "insecure",
            secure_mode=chosen.smtp_security,
            user=chosen.smtp_username or None,
            password=chosen.smtp_password or None,
            from_addr=sender,
            targets=[target.address],
            format="text",
            asset=_ASSET,
            **self._limits(),
        )
        return self._sent(plugin, message, rule=None, mark=None)

    def _limits(self) -> dict[str, Any]:
        seconds = self._settings.attempt_seconds
        return {"rto": seconds, "cto": seconds}

    def _sent(
        self, plugin: NotifyBase, message: OutsideMessage, *, rule: AddressRule | None, mark: str | None
    ) -> SendingTrouble | None:
        """``mark``: the field of the JSON without which the answer is none of this service's."""
        sender = Apprise(asset=_ASSET)
        sender.add(plugin)
        with outside.attempting(rule, seconds=self._settings.attempt_seconds) as attempt:
            went = sender.notify(title=message.title, body=message.link, body_format=NotifyFormat.TEXT)
        trouble = trouble_of(attempt)
        if trouble is not None:
            return trouble
        if not went or (mark is not None and not answer_of(attempt).get(mark)):
            return SendingTrouble(Reason("notice.answer_unfit"))
        return None
