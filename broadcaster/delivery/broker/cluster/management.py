"""The programs' interface of a broker that others run: accounts are told to it, and who is out is cut off."""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping
from typing import Any, Protocol
from urllib.parse import quote

from broadcaster.delivery.broker.cluster import rabbitmq
from broadcaster.delivery.broker.cluster.tenancy import Tenancy
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.errors import Unavailable
from broadcaster.network_settings import BrokerSettings

SECONDS = 10.0
"""For one request."""
ANSWER_BYTES = 10_000_000


class Management(Protocol):
    """Both raise Unavailable when the broker does not do it."""

    def admit(self, new: Mapping[str, Credential]) -> None:
        """Let these in, too, by their names there."""

    def admitted(self) -> set[str]:
        """The names of nodes of ours it lets in, as far as they can be told from others'."""

    def cut_off(self, names: Collection[str]) -> None:
        """Let these in no more, and end their connections."""


def choose(settings: BrokerSettings, tenancy: Tenancy) -> Management | None:
    """By the configuration; None where there is none."""
    if settings.kind != "external" or settings.management == "none":
        return None
    api = _Api(settings)
    return RabbitManagement(api, tenancy) if settings.management == "rabbitmq" else EmqxManagement(api)


class _Api:
    """JSON over HTTP with a name and a password, every request bounded."""

    def __init__(self, settings: BrokerSettings) -> None:
        self._url = settings.management_url.rstrip("/")
        account = f"{settings.management_username}:{settings.management_password}"
        self._headers = {
            "Authorization": "Basic " + base64.b64encode(account.encode()).decode(),
            "Content-Type": "application/json",
        }

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What it says; None for nothing and for what there is not. Raises Unavailable."""
        if not self._url.startswith(("http://", "https://")):
            raise Unavailable("broker.management_refused", url=self._url, cause="URL")
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, self._headers, method=method)  # noqa: S310  # checked
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answered:  # noqa: S310
                text = answered.read(ANSWER_BYTES)
            return json.loads(text) if text.strip() else None
        except urllib.error.HTTPError as error:
            if error.code == 404 and method in ("GET", "DELETE"):
                return None
            raise Unavailable("broker.management_refused", url=self._url, cause=f"HTTP {error.code}") from None
        except (OSError, ValueError) as error:
            raise Unavailable("broker.management_refused", url=self._url, cause=str(error)[:200]) from None


class RabbitManagement:
    """Accounts are kept in RabbitMQ itself: nodes come in also while the station is away."""

    def __init__(self, api: _Api, tenancy: Tenancy) -> None:
        self._api = api
        self._tenancy = tenancy

    def admit(self, new: Mapping[str, Credential]) -> None:
        """Those of before, whose password is not known in RabbitMQ's form, stay as they are there."""
        known = {name: each for name, each in new.items() if each.password_sha256}
        self._api.ask("POST", "/api/definitions", rabbitmq.definitions(self._tenancy, known))

    def admitted(self) -> set[str]:
        """Without a prefix nobody can tell."""
        prefix = self._tenancy.prefix
        listed = self._api.ask("GET", "/api/users?columns=name") if prefix else None
        return {each["name"] for each in listed or () if each["name"].startswith(prefix)}

    def cut_off(self, names: Collection[str]) -> None:
        for name in sorted(names):
            self._api.ask("DELETE", f"/api/users/{quote(name, safe='')}")
            self._api.ask("DELETE", f"/api/connections/username/{quote(name, safe='')}")


class EmqxManagement:
    """EMQX asks the station who may come in (the hook); here it is only told to end connections."""

    def __init__(self, api: _Api) -> None:
        self._api = api

    def admit(self, new: Mapping[str, Credential]) -> None:
        """It asks when somebody comes."""

    def admitted(self) -> set[str]:
        """It lets in whom we let in."""
        return set()

    def cut_off(self, names: Collection[str]) -> None:
        for name in sorted(names):
            found = self._api.ask("GET", f"/api/v5/clients?username={quote(name, safe='')}&limit=100") or {}
            for client in found.get("data", []):
                self._api.ask("DELETE", f"/api/v5/clients/{quote(client['clientid'], safe='')}")
