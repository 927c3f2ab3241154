"""What a broker of others is answered when it asks who may come in and do what."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from broadcaster.delivery.broker.cluster.book import AccountBook
from broadcaster.delivery.broker.cluster.hook import BODY_BYTES, AccountHook
from broadcaster.delivery.broker.cluster.hook_answers import answer
from broadcaster.delivery.broker.cluster.tenancy import Tenancy
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.network_settings import BrokerSettings
from broadcaster.station.nodes.credentials import hash_password

TREE = "loa/1/con-minh"
NODE = "con-minh.na-ca"
TOKEN = "a-token-of-letters"


@pytest.fixture
def book() -> AccountBook:
    made = AccountBook(Tenancy("con-minh", "station", "con-minh."), "secret of the station")
    made.replace([Credential(username="na-ca", password_hash=hash_password("secret of na-ca"))])
    return made


def rabbit(book: AccountBook, question: str, **fields: str) -> bool:
    return answer(book, f"/rabbitmq/{question}", fields).body == "allow"


@pytest.mark.parametrize(
    ("username", "password", "admitted"),
    [
        (NODE, "secret of na-ca", True),
        (NODE, "secret of the station", False),
        ("na-ca", "secret of na-ca", False),
        ("station", "secret of the station", True),
        ("station", "", False),
        ("", "", False),
    ],
)
def test_only_who_has_the_password_comes_in(book: AccountBook, username: str, password: str, admitted: bool) -> None:
    fields = {"username": username, "password": password}
    assert rabbit(book, "user", **fields) is admitted
    assert json.loads(answer(book, "/emqx/authentication", fields).body)["result"] == ("allow" if admitted else "deny")
    assert (answer(book, "/mosquitto/user", fields).status == 200) is admitted
    assert answer(book, "/mosquitto/superuser", fields).status == 403


@pytest.mark.parametrize(
    ("topic", "reads", "writes"),
    [
        (f"{TREE}/nodes/na-ca/agenda", True, False),
        (f"{TREE}/nodes/na-ca/clock/reply", True, False),
        (f"{TREE}/clips/abc/0", True, False),
        (f"{TREE}/nodes/na-ca/status", False, True),
        (f"{TREE}/nodes/ang-hin/agenda", False, False),
        (f"{TREE}/nodes/+/agenda", False, False),
        ("loa/1/vi-huong/clips/abc/0", False, False),
        ("#", False, False),
    ],
)
def test_a_node_is_kept_to_its_own_topics(book: AccountBook, topic: str, reads: bool, writes: bool) -> None:
    key = topic.replace("/", ".").replace("+", "*")
    for permission, allowed in (("read", reads), ("write", writes)):
        asked = {"username": NODE, "name": "amq.topic", "permission": permission, "routing_key": key}
        assert rabbit(book, "topic", **asked) is allowed
    for action, access, allowed in (("subscribe", "4", reads), ("publish", "2", writes)):
        asked = {"username": NODE, "topic": topic, "action": action, "acc": access}
        assert json.loads(answer(book, "/emqx/authorization", asked).body)["result"] == ("allow" if allowed else "deny")
        assert (answer(book, "/mosquitto/acl", asked).status == 200) is allowed


def test_at_rabbitmq_a_node_has_queues_of_its_own_and_one_exchange(book: AccountBook) -> None:
    mine = {"username": NODE, "vhost": "/", "resource": "queue", "permission": "configure"}
    assert rabbit(book, "resource", name="mqtt-subscription-con-minh.na-caqos1", **mine)
    assert not rabbit(book, "resource", name="mqtt-subscription-con-minh.na-ca-2qos1", **mine)
    exchange = {"username": NODE, "vhost": "/", "resource": "exchange"}
    assert rabbit(book, "resource", name="amq.topic", permission="write", **exchange)
    assert not rabbit(book, "resource", name="amq.direct", permission="write", **exchange)
    assert not rabbit(book, "resource", name="amq.topic", permission="configure", **exchange)


def test_a_revoked_node_is_refused_everything_at_once(book: AccountBook) -> None:
    book.replace([])
    assert not rabbit(book, "user", username=NODE, password="secret of na-ca")
    assert not rabbit(book, "vhost", username=NODE)
    asked = {"username": NODE, "topic": f"{TREE}/nodes/na-ca/status", "action": "publish"}
    assert json.loads(answer(book, "/emqx/authorization", asked).body)["result"] == "deny"


@pytest.fixture
def hook(book: AccountBook) -> Iterator[AccountHook]:
    made = AccountHook(BrokerSettings(hook_port=free_port("127.0.0.1"), hook_token=TOKEN), book)
    made.start()
    yield made
    made.stop()


def ask(connection: HTTPConnection, path: str, body: str, kind: str) -> tuple[int, str]:
    connection.request("POST", path, body, {"Content-Type": kind})
    answered = connection.getresponse()
    return answered.status, answered.read().decode()


def test_forms_json_and_queries_are_understood_on_one_connection(hook: AccountHook) -> None:
    fields = {"username": NODE, "password": "secret of na-ca"}
    connection = HTTPConnection("127.0.0.1", hook.port, timeout=30)
    form = ask(connection, f"/{TOKEN}/rabbitmq/user", urlencode(fields), "application/x-www-form-urlencoded")
    said = ask(connection, f"/{TOKEN}/emqx/authentication", json.dumps(fields), "application/json")
    connection.request("GET", f"/{TOKEN}/rabbitmq/user?{urlencode(fields)}")
    queried = connection.getresponse().read()
    connection.close()
    assert (form, said[0], json.loads(said[1])["result"], queried) == ((200, "allow"), 200, "allow", b"allow")


def test_without_the_token_nobody_is_answered(hook: AccountHook) -> None:
    connection = HTTPConnection("127.0.0.1", hook.port, timeout=30)
    fields = urlencode({"username": NODE, "password": "secret of na-ca"})
    kind = "application/x-www-form-urlencoded"
    assert ask(connection, "/rabbitmq/user", fields, kind) == (403, "deny")
    assert ask(connection, "/another-token-12/rabbitmq/user", fields, kind) == (403, "deny")
    connection.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"POST / HTTP/1.1\r\nContent-Length: " + str(BODY_BYTES + 1).encode() + b"\r\n\r\n",
        b"x" * 20_000,
        b"DELETE / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]",
    ],
)
def test_what_is_no_question_ends_its_connection_and_no_other(hook: AccountHook, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", hook.port), timeout=30) as stranger:
        stranger.sendall(sent)
        with suppress(ConnectionResetError):
            assert stranger.recv(100) == b""
    connection = HTTPConnection("127.0.0.1", hook.port, timeout=30)
    assert ask(connection, f"/{TOKEN}/rabbitmq/vhost", f"username={NODE}", "text/plain") == (200, "allow")
    connection.close()
