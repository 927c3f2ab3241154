"""From the setting ``sound`` to a player."""

from speaker_node.errors import SettingsRefused
from speaker_node.setup.settings import LocalSettings
from speaker_node.sound.player.file import FilePlayer
from speaker_node.sound.player.port import Player


def choose_player(settings: LocalSettings) -> Player:
    """The player the settings name. Raises SettingsRefused for a kind there is not."""
    kind, _, device = settings.sound.partition(":")
    if kind == "file" and not device:
        return FilePlayer(settings.data / "played", keep=settings.keep_files)
    if kind == "alsa":
        from speaker_node.sound.player.alsa import AlsaPlayer  # a machine without sound need not have libasound

        return AlsaPlayer(device or "default")
    raise SettingsRefused("settings.sound_unknown", sound=repr(settings.sound))
