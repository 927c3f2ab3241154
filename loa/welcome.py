"""The words on the terminal when everything runs."""

from importlib import metadata

from broadcaster.config import Config
from loa.first_start import FirstStart

BROKERS = {
    "mosquitto": "Mosquitto",
    "embedded": "broker nhúng trong tiến trình (amqtt; cài Mosquitto để dùng lâu dài)",
    "external": "broker bên ngoài",
}


def welcome(config: Config, household: FirstStart, *, broker_kind: str) -> str:
    """Where to point the browser, with what logins, and which broker carries the messages."""
    lines = [
        f"Loa Làng {metadata.version('loa-lang')} đang chạy.",
        "",
        f"  Bàn điều khiển   http://{config.web.host}:{config.web.port}",
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
