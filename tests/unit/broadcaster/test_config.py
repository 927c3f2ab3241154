"""Every setting has a default, a line in config.yaml, and a clear refusal when it is wrong."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from broadcaster import config
from broadcaster.errors import Invalid

SHIPPED = Path(__file__).parents[3] / "config.yaml"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def flat(tree: Any, prefix: str = "") -> set[str]:
    if not isinstance(tree, dict):
        return {prefix.rstrip(".")}
    return set().union(*(flat(value, f"{prefix}{name}.") for name, value in tree.items()))


def test_the_shipped_file_says_exactly_the_defaults() -> None:
    assert config.load(SHIPPED, environ={}) == config.Config()


def test_every_setting_has_its_line_and_every_line_its_setting() -> None:
    shipped = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    assert flat(shipped) == flat(msgspec.to_builtins(config.Config(), enc_hook=str))


def test_a_variable_overrides_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "web: {port: 9000}\n")
    loaded = config.load(path, environ={"LOA_WEB__PORT": "9001", "LOA_DATA_DIR": "/srv/loa", "HOME": "/x"})
    assert (loaded.web.port, loaded.data_dir) == (9001, Path("/srv/loa"))


def test_a_variable_without_a_value_is_an_empty_word(tmp_path: Path) -> None:
    path = write(tmp_path, "database: {url: 'sqlite:///x.db'}\nweb: {path_prefix: /xa}\n")
    loaded = config.load(path, environ={"LOA_DATABASE__URL": "", "LOA_WEB__PATH_PREFIX": ""})
    assert (loaded.database.url, loaded.web.path_prefix) == ("", "")


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    assert config.load(write(tmp_path, "# nothing yet\n"), environ={}) == config.Config()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("web: {port: nhiều}", "web.port"),
        ("web: {port: 70000}", "web.port"),
        ("web: {prot: 80}", "web.prot"),
        ("wbe: {}", "wbe"),
        ("broker: {kind: rabbit}", "broker.kind"),
        ("station: {id: 'Côn Minh'}", "station.id"),
        ("speech: {engines: [gtts, robot]}", "speech.engines[1]"),
        ("web: 80", "web"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, field: str) -> None:
    with pytest.raises(Invalid, match=r"config\.(value_invalid|setting_unknown)") as refused:
        config.load(write(tmp_path, text), environ={})
    assert refused.value.field == field


@pytest.mark.parametrize("text", ["web: [", "- a\n- b\n", "\x00"])
def test_a_file_that_is_no_configuration_says_so_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        config.load(write(tmp_path, text), environ={})
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="khong-co"):
        config.load(tmp_path / "khong-co.yaml", environ={})


def test_a_misspelt_variable_is_an_error_and_not_without_effect() -> None:
    with pytest.raises(Invalid, match=r"web\.prot"):
        config.load(None, environ={"LOA_WEB__PROT": "80", "LOA_CONFIG": ""})


def test_the_database_is_sqlite_in_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    plain = config.load(write(tmp_path, f"data_dir: {tmp_path}"), environ={})
    assert plain.database_url == f"sqlite:///{tmp_path}/loa.db"
    url = "postgresql+psycopg://loa@localhost/loa"
    assert config.load(None, environ={"LOA_DATABASE__URL": url}).database_url == url
