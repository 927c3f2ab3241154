"""The services that bring messages to people, as far as they are set while a station is set up."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec

from broadcaster import chosen_settings
from broadcaster.config import Config
from broadcaster.errors import Invalid, Unavailable
from broadcaster.network_settings import NoticeSettings

NAMES = (
    "smtp_host",
    "smtp_port",
    "smtp_username",
    "smtp_password",
    "smtp_from",
    "zalo_bot_token",
    "telegram_bot_token",
)
"""Settings that are asked for."""
TLS_PORT = 465
"""Where mail is encrypted from the first byte; elsewhere it becomes so."""


def checked(config: Config, typed: Mapping[str, str]) -> NoticeSettings:
    """The settings with those that were typed; what is empty stays as it was. Raises Invalid beside the setting."""
    return _settings(config.notices, _given(typed))


def choose(config: Config, typed: Mapping[str, str]) -> None:
    """They are in force when the services start anew. Raises Invalid, Unavailable."""
    given = _given(typed)
    _settings(config.notices, given)
    if not given:
        return
    try:
        chosen_settings.write(config.data_dir, {"notices": given})
    except OSError as error:
        raise Unavailable("backup.not_written", path=config.data_dir, cause=error.strerror) from None


def _given(typed: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {name: typed[name].strip() for name in NAMES if typed.get(name, "").strip()}
    if "smtp_port" in given:
        given["smtp_port"] = _port(given["smtp_port"])
        given["smtp_security"] = "ssl" if given["smtp_port"] == TLS_PORT else "starttls"
    return given


def _port(typed: str) -> int:
    if not typed.isdecimal() or not typed.isascii():
        raise Invalid("setup.service_malformed", field="smtp_port", name="smtp_port", value=typed[:100])
    return int(typed[:9])


def _settings(before: NoticeSettings, given: Mapping[str, Any]) -> NoticeSettings:
    tree = asdict(before) | dict(given)
    try:
        return msgspec.convert({**tree, "allow": list(before.allow)}, NoticeSettings)
    except msgspec.ValidationError as error:
        name = str(error).partition("`$.")[2].rstrip("`")
        shown = "…" if name.endswith(("password", "token")) else str(given.get(name, ""))[:100]
        raise Invalid("setup.service_malformed", field=name, name=name, value=shown) from None
