"""Beyond this machine everything is encrypted, unless the configuration says otherwise in so many words."""

from dataclasses import replace

import pytest

from broadcaster.certificates.listeners import (
    broker_is_encrypted,
    console_is_encrypted,
    plain_beyond,
    require_encrypted,
)
from broadcaster.config import BrokerSettings, Config, TlsSettings, WebSettings
from broadcaster.errors import Invalid

BEYOND = ("0.0.0.0", "", "::", "192.168.1.5", "10.8.0.1", "may-chu.lan", "2001:db8::7")
HERE = ("127.0.0.1", "127.8.8.8", "localhost", "::1")


@pytest.mark.parametrize("host", BEYOND)
def test_what_other_machines_reach_is_encrypted_by_itself(host: str) -> None:
    config = Config(broker=BrokerSettings(host=host), web=WebSettings(host=host))
    assert broker_is_encrypted(config)
    assert console_is_encrypted(config)
    require_encrypted(config)


@pytest.mark.parametrize("host", HERE)
def test_on_this_machine_alone_clear_text_stays_until_it_is_asked_otherwise(host: str) -> None:
    config = Config(broker=BrokerSettings(host=host, plain_port=18832), web=WebSettings(host=host))
    assert (broker_is_encrypted(config), console_is_encrypted(config)) == (False, False)
    require_encrypted(config)
    assert broker_is_encrypted(replace(config, broker=BrokerSettings(host=host, encryption="always")))
    assert console_is_encrypted(replace(config, web=WebSettings(host=host, encryption="always")))
    assert console_is_encrypted(replace(config, tls=TlsSettings(certificate="/a.pem", key="/a.key")))


@pytest.mark.parametrize("host", BEYOND)
@pytest.mark.parametrize(
    ("setting", "made"),
    [
        ("broker.encryption", lambda host: Config(broker=BrokerSettings(host=host, encryption="never"))),
        ("broker.plain_port", lambda host: Config(broker=BrokerSettings(host=host, plain_port=18832))),
        ("broker.tls_ca_file", lambda host: Config(broker=BrokerSettings(host=host, kind="external"))),
        ("broker.hook_host", lambda host: Config(broker=BrokerSettings(hook_host=host, hook_port=18833))),
        ("web.encryption", lambda host: Config(web=WebSettings(host=host, encryption="never"))),
    ],
)
def test_clear_text_beyond_this_machine_is_refused_by_the_setting_that_makes_it(
    host: str,
    setting: str,
    made: object,
) -> None:
    config: Config = made(host)  # type: ignore[operator]
    assert [each.setting for each in plain_beyond(config)] == [setting]
    with pytest.raises(Invalid, match=r"tls\.plain_listener") as refusal:
        require_encrypted(config)
    assert refusal.value.field == setting
    require_encrypted(replace(config, tls=TlsSettings(plain_listeners="allowed")))


def test_an_external_broker_with_an_authority_is_encrypted() -> None:
    config = Config(broker=BrokerSettings(kind="external", host="mqtt.example", tls_ca_file="/etc/ca.pem"))
    assert broker_is_encrypted(config)
    require_encrypted(config)


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("http://mqtt.example:15672", True),
        ("http://10.8.0.1", True),
        ("http://[2001:db8::7]:15672", True),
        ("https://mqtt.example:15671", False),
        ("http://127.0.0.1:15672", False),
        ("http://[::1]:15672", False),
    ],
)
def test_a_broker_of_others_is_told_passwords_in_clear_text_on_this_machine_alone(url: str, refused: bool) -> None:
    made = BrokerSettings(kind="external", management="rabbitmq", management_url=url)
    assert [each.setting for each in plain_beyond(Config(broker=made))] == ["broker.management_url"] * refused
    assert not plain_beyond(Config(broker=replace(made, management="none")))
