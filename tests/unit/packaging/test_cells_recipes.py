"""The recipes for many cells on one machine: containers that start as they are, and consoles behind one front."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from broadcaster import config as configuration
from broadcaster.certificates.listeners import broker_is_encrypted, console_is_encrypted, require_encrypted
from broadcaster.config import Config

CELLS = Path(__file__).parents[3] / "deploy" / "cells"
CONTAINERS = CELLS.parent / "containers" / "compose.yaml"
VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(:-(?P<default>[^}]*)|:\?[^}]*)?\}")
GIVEN = {
    "CELL": "con-minh",
    "PUBLIC_HOST": "10.8.0.1",
    "CONSOLE_HOST": "con-minh.loa.example.vn",
    "WEB_PORT": "8101",
    "BROKER_PORT": "19002",
    "ENROLMENT_PORT": "19003",
}


def compose(given: dict[str, str]) -> dict[str, Any]:
    """The file as compose reads it with these variables."""

    def value(found: re.Match[str]) -> str:
        name, default = found["name"], found["default"]
        assert name in given or default is not None, f"{name} is asked for"
        return given.get(name, default or "")

    def filled(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: filled(each) for name, each in part.items()}
        if isinstance(part, list):
            return [filled(each) for each in part]
        return VARIABLE.sub(value, part) if isinstance(part, str) else part

    made = filled(yaml.safe_load((CELLS / "compose.yaml").read_text("utf-8")))
    assert isinstance(made, dict)
    return made


def settings(service: dict[str, Any], tmp_path: Path) -> Config:
    variables = {name: str(value) for name, value in service["environment"].items()}
    variables |= {"LOA_CONFIG": str(CELLS.parent / "packages/config.yaml"), "LOA_DATA_DIR": str(tmp_path)}
    return configuration.load(Path(variables["LOA_CONFIG"]), variables)


def test_a_cell_in_containers_may_start_and_is_reached_at_the_ports_it_names(tmp_path: Path) -> None:
    services = compose(GIVEN)["services"]
    for each in services.values():
        config = settings(each, tmp_path)
        require_encrypted(config)
        assert broker_is_encrypted(config)
        assert not console_is_encrypted(config)
        assert (config.station.id, config.broker.public_host) == ("con-minh", "10.8.0.1")
        assert config.database_url.startswith("sqlite")
    assert services["station"]["ports"] == [f"{port}:{port}" for port in (config.broker.port, config.enrolment.port)]
    assert services["web"]["ports"] == [f"127.0.0.1:8101:{config.web.port}"]


@pytest.mark.parametrize("left_out", ["CELL", "PUBLIC_HOST"])
def test_what_a_cell_cannot_do_without_is_asked_for(left_out: str) -> None:
    with pytest.raises(AssertionError, match=left_out):
        compose({name: value for name, value in GIVEN.items() if name != left_out})


def test_the_containers_are_those_of_the_image_we_make() -> None:
    ours = yaml.safe_load(CONTAINERS.read_text("utf-8"))["services"]
    for name, service in compose(GIVEN)["services"].items():
        for setting in ("image", "command", "read_only", "cap_drop", "security_opt", "volumes"):
            assert service[setting] == ours[name][setting], (name, setting)


def test_both_fronts_take_off_the_prefix_and_say_which_it_was() -> None:
    caddy, nginx = ((CELLS / name).read_text("utf-8") for name in ("Caddyfile", "nginx.conf"))
    assert re.search(r"handle_path /vi-huong/\*", caddy)
    assert re.search(r"header_up X-Forwarded-Prefix /vi-huong$", caddy, re.M)
    assert re.search(r"location /vi-huong/ \{\n\s+proxy_pass http://127\.0\.0\.1:8101/;", nginx)
    assert re.search(r"proxy_set_header X-Forwarded-Prefix /vi-huong;", nginx)
