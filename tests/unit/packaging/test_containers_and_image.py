"""compose.yaml names settings there are, and the scripts of the image are sound shell."""

import subprocess
from pathlib import Path
from typing import Any

import yaml

from broadcaster import config as configuration
from broadcaster.certificates.listeners import broker_is_encrypted, console_is_encrypted, require_encrypted

ROOT = Path(__file__).parents[3]


def compose() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "deploy/containers/compose.yaml").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def settings(tmp_path: Path) -> configuration.Config:
    variables = {
        name: str(value)
        .replace("${LOA_ADDRESS:?the name or address nodes use}", "10.8.0.1")
        .replace("${LOA_ADDRESS}", "10.8.0.1")
        for name, value in compose()["services"]["station"]["environment"].items()
    }
    variables |= {"LOA_CONFIG": str(ROOT / "deploy/packages/config.yaml"), "LOA_DATA_DIR": str(tmp_path)}
    return configuration.load(Path(variables["LOA_CONFIG"]), variables)


def test_everything_it_opens_is_encrypted_and_on_the_ports_of_the_settings(tmp_path: Path) -> None:
    config = settings(tmp_path)
    require_encrypted(config)
    assert broker_is_encrypted(config)
    assert console_is_encrypted(config)
    assert config.broker.public_host == "10.8.0.1"
    opened = {int(port.split(":")[1]) for each in compose()["services"].values() for port in each["ports"]}
    assert opened == {config.web.port, config.broker.port, config.enrolment.port}


def test_the_containers_may_write_their_data_and_nothing_else() -> None:
    for service in compose()["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["volumes"] == ["data:/var/lib/loa"]


def test_scripts_of_image_and_packages_are_sound_shell() -> None:
    for script in (ROOT / "deploy").rglob("*.sh"):
        subprocess.run(["/bin/sh", "-n", str(script)], check=True)


def test_the_first_boot_starts_the_program_of_the_package() -> None:
    unit = (ROOT / "deploy/image/loa-first-boot.service").read_text("utf-8")
    assert "ExecStart=/opt/loa-node/venv/bin/loa node first-boot\n" in unit
    assert "ConditionPathExists=/boot/firmware/loa.txt\n" in unit
