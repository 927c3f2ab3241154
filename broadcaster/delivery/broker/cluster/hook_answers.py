"""What a broker asks about a connection, a subscription or a message, each kind in its own words, and our answer.

RabbitMQ: ``rabbitmq_auth_backend_http``. EMQX 5: password authentication and authorisation by HTTP. Mosquitto: the
``mosquitto-go-auth`` plugin with its HTTP backend.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from broadcaster.delivery.broker.cluster.book import AccountBook

EXCHANGE = "amq.topic"
_READS, _WRITES, _BOTH, _SUBSCRIBES = "1", "2", "3", "4"
"""Mosquitto's kinds of access."""

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """status: of HTTP; body: plain text, or JSON where it begins with a brace."""

    status: HTTPStatus
    body: str


def answer(book: AccountBook, path: str, fields: Fields) -> HookAnswer:
    """For a path such as ``/rabbitmq/user``; what is not known is refused."""
    kind, _, question = path.strip("/").partition("/")
    asked = _QUESTIONS.get((kind, question))
    if asked is None:
        return HookAnswer(HTTPStatus.NOT_FOUND, "deny")
    allowed = asked(book, fields)
    if kind == "rabbitmq":
        return HookAnswer(HTTPStatus.OK, "allow" if allowed else "deny")
    if kind == "emqx":
        said: dict[str, object] = {"result": "allow" if allowed else "deny"}
        return HookAnswer(HTTPStatus.OK, json.dumps(said | ({"is_superuser": False} if allowed else {})))
    return HookAnswer(HTTPStatus.OK if allowed else HTTPStatus.FORBIDDEN, "ok" if allowed else "deny")


def _admits(book: AccountBook, fields: Fields) -> bool:
    return book.admits(fields.get("username", ""), fields.get("password", ""))


def _knows(book: AccountBook, fields: Fields) -> bool:
    return book.knows(fields.get("username", ""))


def _never(_book: AccountBook, _fields: Fields) -> bool:
    return False


def _rabbit_resource(book: AccountBook, fields: Fields) -> bool:
    """Its own queues, and the exchange all MQTT goes through."""
    username, name, permission = fields.get("username", ""), fields.get("name", ""), fields.get("permission", "")
    if not book.knows(username):
        return False
    if fields.get("resource") == "exchange":
        return name == EXCHANGE and permission in ("read", "write")
    mine = f"mqtt-subscription-{book.tenancy.client_of(username)}"
    if fields.get("resource") != "queue" or not name.startswith(mine):
        return False
    return username == book.tenancy.user or name.removeprefix(mine) in ("qos0", "qos1")


def _rabbit_topic(book: AccountBook, fields: Fields) -> bool:
    """The topic as a routing key: points for slashes, a star for a plus; a point within a topic became a slash."""
    key = fields.get("routing_key", "")
    if "/" in key or fields.get("name") != EXCHANGE:
        return False
    topic = key.replace(".", "/").replace("*", "+")
    may = book.may_write if fields.get("permission") == "write" else book.may_read
    return may(fields.get("username", ""), topic)


def _emqx_topic(book: AccountBook, fields: Fields) -> bool:
    may = {"publish": book.may_write, "subscribe": book.may_read}.get(fields.get("action", ""))
    return may is not None and may(fields.get("username", ""), fields.get("topic", ""))


def _mosquitto_topic(book: AccountBook, fields: Fields) -> bool:
    username, topic, access = fields.get("username", ""), fields.get("topic", ""), fields.get("acc", "")
    if access in (_READS, _SUBSCRIBES):
        return book.may_read(username, topic)
    if access == _WRITES:
        return book.may_write(username, topic)
    return access == _BOTH and book.may_read(username, topic) and book.may_write(username, topic)


_QUESTIONS: dict[tuple[str, str], Callable[[AccountBook, Fields], bool]] = {
    ("rabbitmq", "user"): _admits,
    ("rabbitmq", "vhost"): _knows,
    ("rabbitmq", "resource"): _rabbit_resource,
    ("rabbitmq", "topic"): _rabbit_topic,
    ("emqx", "authentication"): _admits,
    ("emqx", "authorization"): _emqx_topic,
    ("mosquitto", "user"): _admits,
    ("mosquitto", "superuser"): _never,
    ("mosquitto", "acl"): _mosquitto_topic,
}
