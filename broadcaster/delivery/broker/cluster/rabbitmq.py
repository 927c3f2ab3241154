"""What RabbitMQ with its MQTT plugin must be told: users with their passwords' SHA-256, and rights by routing keys."""

import json
import re
from collections.abc import Mapping
from typing import Any

from broadcaster.delivery.broker.cluster.tenancy import Tenancy
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.station.nodes.credentials import lasting_salt, salted_sha256

VHOST, EXCHANGE = "/", "amq.topic"

_CONFIGURATION = """\
# RabbitMQ for Loa Làng, station {station}. Enable the plugins: rabbitmq_mqtt, rabbitmq_management{plugin}.
mqtt.listeners.tcp = none
mqtt.listeners.ssl.default = 8883
ssl_options.cacertfile = /etc/rabbitmq/tls/ca.pem
ssl_options.certfile = /etc/rabbitmq/tls/cert.pem
ssl_options.keyfile = /etc/rabbitmq/tls/key.pem
ssl_options.verify = verify_none
ssl_options.fail_if_no_peer_cert = false
mqtt.allow_anonymous = false
mqtt.vhost = {vhost}
mqtt.exchange = {exchange}
mqtt.subscription_ttl = 86400000
{accounts}"""
_STATIC = "load_definitions = /etc/rabbitmq/loa-{station}.json\n"
_HOOK = """\
auth_backends.1 = internal
auth_backends.2 = http
auth_http.http_method = post
auth_http.user_path = {url}/rabbitmq/user
auth_http.vhost_path = {url}/rabbitmq/vhost
auth_http.resource_path = {url}/rabbitmq/resource
auth_http.topic_path = {url}/rabbitmq/topic
"""


def definitions(tenancy: Tenancy, nodes: Mapping[str, Credential], password: str = "") -> dict[str, Any]:
    """Users, permissions and topic permissions, as ``rabbitmqctl import_definitions`` takes them; the station's own
    with its ``password`` when one is given."""
    hashes = {name: each.password_sha256 for name, each in nodes.items()}
    if password:
        hashes[tenancy.user] = salted_sha256(password, salt=lasting_salt(password))
    return {
        "vhosts": [{"name": VHOST}],
        "users": [_user(name, mark) for name, mark in hashes.items()],
        "permissions": [_permission(tenancy, name) for name in hashes],
        "topic_permissions": [_topics(tenancy, name) for name in hashes],
    }


def files(tenancy: Tenancy, nodes: Mapping[str, Credential], *, password: str, hook_url: str) -> dict[str, str]:
    """By name. With ``hook_url`` RabbitMQ asks the station for what it does not know itself."""
    accounts = _HOOK.format(url=hook_url) if hook_url else _STATIC.format(station=tenancy.station)
    plugin = ", rabbitmq_auth_backend_http" if hook_url else ""
    text = _CONFIGURATION.format(
        station=tenancy.station, plugin=plugin, vhost=VHOST, exchange=EXCHANGE, accounts=accounts
    )
    known = {name: each for name, each in nodes.items() if each.password_sha256}
    made = definitions(tenancy, {} if hook_url else known, password)
    return {"rabbitmq.conf": text, f"loa-{tenancy.station}.json": json.dumps(made, indent=1) + "\n"}


def _user(name: str, password_sha256: str | None) -> dict[str, str]:
    return {
        "name": name,
        "password_hash": password_sha256 or "",
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "",
    }


def _permission(tenancy: Tenancy, name: str) -> dict[str, str]:
    """Its own queues, and the exchange through which all MQTT goes."""
    client = re.escape(tenancy.client_of(name))
    queues = f"mqtt-subscription-{client}{'.*' if name == tenancy.user else 'qos[01]'}"
    both = f"^({queues}|amq\\.topic)$"
    return {"user": name, "vhost": VHOST, "configure": f"^{queues}$", "write": both, "read": both}


def _topics(tenancy: Tenancy, name: str) -> dict[str, str]:
    reads, writes = (_pattern(filters) for filters in (tenancy.reads(name), tenancy.writes(name)))
    return {"user": name, "vhost": VHOST, "exchange": EXCHANGE, "write": writes, "read": reads}


def _pattern(filters: list[str]) -> str:
    """A regular expression over routing keys, which have points for slashes."""
    return f"^({'|'.join(map(_key, filters))})$"


def _key(each: str) -> str:
    whole = re.escape(each.removesuffix("/#").replace("/", "."))
    return whole + (r"\..+" if each.endswith("/#") else "")
