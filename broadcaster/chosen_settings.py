"""Settings that ``loa setup`` or the first-run pages chose: a file in the data folder, over ``config.yaml``.

The services may write the data folder and nothing else; ``config.yaml`` stays the operator's.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from broadcaster.errors import Invalid
from broadcaster.private_files import write_private

FILE = "settings.yaml"
CHOSEN = {
    "station": {"name"},
    "broker": {"host", "public_host"},
    "web": {"host", "public_url", "secure_cookies", "trusted_proxies"},
    "tls": {"certificate", "key"},
    "backup": {"places"},
    "notices": {
        "smtp_host",
        "smtp_port",
        "smtp_security",
        "smtp_username",
        "smtp_password",
        "smtp_from",
        "zalo_bot_token",
        "telegram_bot_token",
    },
}
"""What may stand in it: groups and their settings."""
_HEAD = "# Chosen by “loa setup” or the first-run pages; stands over config.yaml. Delete a line to return to it.\n"
Tree = dict[str, Any]


def read(data_dir: Path) -> Tree:
    """Groups of settings; empty where nothing was chosen. Raises Invalid for a file that cannot be used."""
    path = data_dir / FILE
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Invalid("config.not_readable", path=path, cause=error.strerror) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Invalid("config.not_yaml", path=path, cause=" ".join(str(error).split())) from None
    if tree is None:
        return {}
    if not isinstance(tree, dict) or not all(isinstance(group, dict) for group in tree.values()):
        raise Invalid("config.not_a_mapping", path=path)
    for group, values in tree.items():
        for name in values:
            if name not in CHOSEN.get(group, set()):
                raise Invalid(
                    "config.setting_unknown", field=f"{group}.{name}", name=f"{group}.{name}", source=path, known=CHOSEN
                )
    return tree


def write(data_dir: Path, changed: Mapping[str, Mapping[str, Any]]) -> None:
    """Change these and leave the others. Raises Invalid as ``read``, OSError."""
    tree = merged(read(data_dir), changed)
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(data_dir / FILE, _HEAD + yaml.safe_dump(tree, allow_unicode=True, sort_keys=True))


def merged(tree: Tree, over: Mapping[str, Mapping[str, Any]]) -> Tree:
    """``tree`` with the settings of ``over``, group by group."""
    found = dict(tree)
    for group, values in over.items():
        before = found.get(group)
        found[group] = {**(before if isinstance(before, dict) else {}), **values}
    return found
