"""What is written for each kind of broker, in its own form."""

import base64
import hashlib
import json
import re

import pytest

from broadcaster.delivery.broker.cluster import emqx, mosquitto, rabbitmq
from broadcaster.delivery.broker.cluster.tenancy import Tenancy
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.station.nodes.credentials import hash_password, salted_sha256, verify_password

TENANCY = Tenancy("con-minh", "station", "con-minh.")
NODES = TENANCY.named(
    [
        Credential(username="na-ca", password_hash=hash_password("secret"), password_sha256=salted_sha256("secret")),
        Credential(username="old", password_hash=hash_password("older", salt=b"\x00\xff" * 6)),
    ]
)


def test_mosquitto_gets_its_own_hashes_and_a_rule_for_each_topic() -> None:
    files = mosquitto.files(TENANCY, NODES, password="own", hook_url="")
    passwords = dict(line.split(":", 1) for line in files["loa-con-minh.passwords"].splitlines())
    assert verify_password("secret", passwords["con-minh.na-ca"])
    assert verify_password("own", passwords["station"])
    rules = files["loa-con-minh.acl"]
    assert "user con-minh.na-ca\ntopic read loa/1/con-minh/nodes/na-ca/agenda\n" in rules
    assert "user station\ntopic read loa/1/con-minh/#\ntopic write loa/1/con-minh/#\n" in rules


def test_rabbitmq_gets_salted_sha256_and_patterns_of_routing_keys() -> None:
    made = rabbitmq.definitions(TENANCY, {"con-minh.na-ca": NODES["con-minh.na-ca"]}, "own")
    users = {each["name"]: base64.b64decode(each["password_hash"]) for each in made["users"]}
    mark = users["con-minh.na-ca"]
    assert hashlib.sha256(mark[:4] + b"secret").digest() == mark[4:]
    topics = {each["user"]: each for each in made["topic_permissions"]}["con-minh.na-ca"]
    assert re.search(topics["read"], "loa.1.con-minh.nodes.na-ca.agenda")
    assert re.search(topics["write"], "loa.1.con-minh.nodes.na-ca.status")
    for forbidden in ("loa.1.con-minh.nodes.na-ca-2.agenda", "loa.1.con-minh.nodes.*.agenda", "loa.1.vi-huong.clips.a"):
        assert not re.search(topics["read"], forbidden)


def test_emqx_gets_pbkdf2_with_the_salt_as_letters() -> None:
    files = emqx.files(TENANCY, NODES, password="own", hook_url="")
    users = {each["user_id"]: each for each in json.loads(files["loa-con-minh.json"])}
    node = users["con-minh.na-ca"]
    key = hashlib.pbkdf2_hmac("sha512", b"secret", node["salt"].encode(), emqx.ITERATIONS)
    assert key.hex() == node["password_hash"]
    assert "con-minh.old" not in users  # its salt is no text; it is named by the command, and served by the hook
    assert files["loa-con-minh.acl"].endswith("{deny, all}.\n")


@pytest.mark.parametrize("kind", [mosquitto, rabbitmq, emqx])
def test_written_again_it_is_the_same_and_a_broker_that_asks_gets_no_accounts_of_nodes(kind: object) -> None:
    files = kind.files(TENANCY, NODES, password="own", hook_url="")  # type: ignore[attr-defined]
    assert files == kind.files(TENANCY, NODES, password="own", hook_url="")  # type: ignore[attr-defined]
    asking = kind.files(TENANCY, NODES, password="own", hook_url="http://10.0.0.1:18832/token")  # type: ignore[attr-defined]
    assert "na-ca" not in "".join(asking.values())
    assert "18832" in "".join(asking.values())
