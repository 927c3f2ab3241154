"""The words on the terminal when everything runs."""

from importlib import metadata

from broadcaster.certificates.listeners import console_is_encrypted
from broadcaster.certificates.machine_names import outward_address
from broadcaster.config import Config
from broadcaster.delivery.broker.sockets import reachable
from loa.first_start import FirstStart

BROKERS = {
    "mosquitto": "Mosquitto",
    "embedded": "broker nhúng trong tiến trình (amqtt; cài Mosquitto để dùng lâu dài)",
    "external": "broker bên ngoài",
}


def console_url(config: Config) -> str:
    """Where a browser finds the console; of a console for every interface one that other machines reach."""
    host = config.web.host if reachable(config.web.host) == config.web.host else outward_address()
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if console_is_encrypted(config) else 'http'}://{shown}:{config.web.port}"


def welcome(config: Config, household: FirstStart, *, broker_kind: str) -> str:
    """Where to point the browser, with what logins, and which broker carries the messages."""
    lines = [
        f"Loa Làng {metadata.version('loa-lang')} đang chạy.",
        "",
        f"  Bàn điều khiển   {console_url(config)}",
        f"  Broker MQTT      {BROKERS[broker_kind]}, {config.broker.host}:{config.broker.port}",
        f"  Dữ liệu          {config.data_dir.absolute()}",
    ]
    if household.nodes:
        lines.append(f"  Cụm loa ảo       {', '.join(node.name for node in household.nodes)}")
    if household.logins:
        width = max(len(login.username) for login in household.logins)
        lines += ["", "  Đăng nhập lần đầu (tên, mật khẩu):"]
        lines += [f"    {login.username:<{width}}  {login.password}   {login.role}" for login in household.logins]
    return "\n".join([*lines, "", "Nhấn Ctrl-C để dừng."])
