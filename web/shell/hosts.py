"""The names this console answers to: links, codes to scan and feeds are made from the ``Host`` a browser sends, so a
stranger's name must never be among them.

Always ours: this machine's own addresses and names, the address the console listens on, ``web.public_url``; further
names stand in ``web.allowed_hosts``. Whether a port fits is not asked: a proxy or a router may change it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from broadcaster.certificates.machine_names import address_of, is_loopback, own_names
from broadcaster.config import WebSettings
from broadcaster.refusals.reasons import Reason
from web.shell.failures import failure_page
from web.translations.languages import gettext as _

LOOKED_AGAIN_SECONDS = 10.0
"""A machine gets a new address while the console runs; it is not looked up for each stranger's name."""
LONGEST_SHOWN = 100
_ANYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - what is told apart, not listened on


@dataclass
class Hosts:
    """Whom the console takes itself for.

    configured: names and addresses of the settings; ``*.`` in front stands for every name below one.
    own: looks up this machine's names and addresses.
    monotonic: seconds of a clock that only goes forward.
    """

    configured: frozenset[str]
    own: Callable[[], frozenset[str]]
    monotonic: Callable[[], float] = time.monotonic
    _known: frozenset[str] = field(default=frozenset(), init=False)
    _looked_at: float | None = field(default=None, init=False)

    def allows(self, host: str) -> bool:
        """Whether this name of a ``Host`` header, with or without a port, is ours."""
        name = bare_name(host)
        if not name:
            return False
        return is_loopback(name) or name in self.configured or self._is_below(name) or self._is_own(name)

    def _is_below(self, name: str) -> bool:
        return any(each.startswith("*.") and name.endswith(each[1:]) for each in self.configured)

    def _is_own(self, name: str) -> bool:
        if name in self._known:
            return True
        now = self.monotonic()
        if self._looked_at is None or now - self._looked_at >= LOOKED_AGAIN_SECONDS:
            self._known, self._looked_at = self.own(), now
        return name in self._known


def bare_name(host: str) -> str:
    """The name or address of a ``Host`` header as it is compared; empty for what is no such header."""
    try:
        parts = urlsplit(f"//{host}")
        name, _port = parts.hostname, parts.port
    except ValueError:
        return ""
    if name is None or parts.netloc != host or parts.username is not None:
        return ""
    return address_of(name) or name.removesuffix(".")


def configured_names(settings: WebSettings) -> frozenset[str]:
    """The names and addresses that the settings say."""
    public = urlsplit(settings.public_url).hostname or ""
    listening = "" if settings.host in _ANYWHERE else settings.host
    named = (*settings.allowed_hosts, public, listening)
    return frozenset(address_of(each) or each.lower().removesuffix(".") for each in named if each)


def init_app(app: Flask, settings: WebSettings) -> None:
    """Before anything else looks at a request."""
    app.extensions["loa_hosts"] = Hosts(configured_names(settings), own_names)
    app.before_request(_refuse_strangers)


def _refuse_strangers() -> Response | None:
    """Where no ``Host`` came, links would be made from the server's own name: that is asked instead."""
    host: str = request.environ.get("HTTP_HOST") or request.environ["SERVER_NAME"]
    hosts: Hosts = current_app.extensions["loa_hosts"]
    if hosts.allows(host):
        return None
    shown = host[:LONGEST_SHOWN]
    return failure_page(400, Reason("page.foreign_host", host=shown), title=_("Địa chỉ này không phải của đài"))


def opens_only_here(address: str) -> bool:
    """Whether a link that somebody carries away would lead every other machine to itself."""
    name = urlsplit(address).hostname
    return name is not None and (is_loopback(name) or name in _ANYWHERE)
