"""A service ends when other settings were chosen for it, and only then."""

import threading
from pathlib import Path

from broadcaster import chosen_settings
from loa.settings_watch import SettingsWatch


def test_it_returns_when_the_choice_changes_and_not_before(tmp_path: Path) -> None:
    chosen_settings.write(tmp_path, {"web": {"host": "127.0.0.1"}})
    watch, stop = SettingsWatch(tmp_path, every_seconds=0.01), threading.Event()
    thread = threading.Thread(target=watch.run, args=(stop,), daemon=True)
    thread.start()
    thread.join(0.2)
    assert thread.is_alive()
    chosen_settings.write(tmp_path, {"web": {"host": "0.0.0.0"}})
    thread.join(60)
    assert not thread.is_alive()


def test_it_ends_when_it_is_told_to(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    SettingsWatch(tmp_path).run(stop)
