"""What was chosen at the first start stands over config.yaml, and variables over both."""

from pathlib import Path

import pytest

from broadcaster import chosen_settings
from broadcaster import config as configuration
from broadcaster.errors import Invalid


def load(folder: Path, **variables: str) -> configuration.Config:
    (folder / "config.yaml").write_text(f"data_dir: {folder}\nbroker: {{port: 20000, host: 127.0.0.1}}\n")
    return configuration.load(folder / "config.yaml", variables)


def test_it_stands_over_the_file_and_leaves_the_rest_of_a_group(tmp_path: Path) -> None:
    assert load(tmp_path).broker.host == "127.0.0.1"
    chosen_settings.write(tmp_path, {"broker": {"host": "0.0.0.0", "public_host": "loa.lan"}})
    chosen_settings.write(tmp_path, {"backup": {"places": ["/media/a"]}})
    config = load(tmp_path)
    assert (config.broker.host, config.broker.public_host, config.broker.port) == ("0.0.0.0", "loa.lan", 20000)
    assert config.backup.places == ("/media/a",)
    assert load(tmp_path, LOA_BROKER__HOST="10.8.0.1").broker.host == "10.8.0.1"


def test_the_folder_may_be_named_by_a_variable(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    chosen_settings.write(elsewhere, {"web": {"host": "0.0.0.0"}})
    assert load(tmp_path, LOA_DATA_DIR=str(elsewhere)).web.host == "0.0.0.0"


@pytest.mark.parametrize("text", ["broker: {port: 1}", "database: {url: x}", "- a", "broker: 5", "a: [", "\x00"])
def test_anything_else_in_it_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.yaml").write_text(text)
    with pytest.raises(Invalid, match="config"):
        load(tmp_path)


def test_an_empty_file_chooses_nothing(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("# nothing\n")
    assert load(tmp_path).broker.port == 20000
