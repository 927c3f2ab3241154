"""What one node costs: ``python -m bench.node``. How well nodes keep step is ``bench.step``.

Real Mosquitto, a PulseAudio null sink, the node as its own process. Baseline in the same run: a bare Python process
with nothing but paho connected.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from broadcaster.protocol.values import DeliveryState
from tests.rig import mosquitto, pulse
from tests.rig.clips import noise_clip
from tests.rig.node_process import NodeProcess
from tests.rig.station import TestStation, item, soon

IDLE_SECONDS = 20
TICKS = os.sysconf("SC_CLK_TCK")
BARE = """
import sys, time
import paho.mqtt.client as mqtt
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
client.connect("127.0.0.1", int(sys.argv[1]))
client.loop_start()
time.sleep(3600)
"""
PLAYED = DeliveryState.PLAYED


def memory_mb(pid: int, *, peak: bool = False) -> float:
    """Resident memory of a process, megabytes."""
    wanted = "VmHWM" if peak else "VmRSS"
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(wanted)).split()[1]) / 1024


def cpu_seconds(pid: int) -> float:
    """Processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def idle_percent(pid: int) -> float:
    """Share of one core a process takes while nothing happens."""
    before = cpu_seconds(pid)
    time.sleep(IDLE_SECONDS)
    return 100 * (cpu_seconds(pid) - before) / IDLE_SECONDS


def row(what: str, value: str, *, target: str = "", baseline: str = "") -> None:
    print(f"{what:<52} {value:>26} {target:>12} {baseline:>34}", flush=True)


def measure_body(station: TestStation, broker: mosquitto.Mosquitto, node: NodeProcess) -> None:
    """Memory after a 45 s clip, idle processor time."""
    clip = noise_clip(45)
    station.publish_clip(clip)
    broadcast = item(clip, start_at=soon(4))
    station.publish_agenda(station.agenda("loa-1", broadcast, clips=[clip]))
    assert station.wait(lambda: PLAYED in station.states(broadcast.broadcast), timeout_seconds=90)
    bare = subprocess.Popen([sys.executable, "-c", BARE, str(broker.port)])
    try:
        time.sleep(3)
        rest, rest_bare = idle_percent(node.pid), idle_percent(bare.pid)
        bare_mb = memory_mb(bare.pid)
    finally:
        bare.kill()
        bare.wait()
    peak = memory_mb(node.pid, peak=True)
    row(
        "memory at its highest, 45 s clip played",
        f"{peak:.1f} MB",
        target="<= 45",
        baseline=f"bare paho {bare_mb:.1f} MB",
    )
    row("idle processor time", f"{rest:.2f} %", target="<= 1", baseline=f"bare paho {rest_bare:.2f} %")


def main() -> int:
    if not (mosquitto.installed() and pulse.installed()):
        print("needs mosquitto, pulseaudio and ALSA's bridge to it")
        return 1
    row("what", "node", target="target", baseline="baseline, same run")
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        place = Path(folder)
        with (
            mosquitto.running(place / "broker") as broker,
            pulse.running(place / "pulse") as sound,
            TestStation(broker.port) as station,
        ):
            node = NodeProcess(
                place / "loa-1", station.bundle("loa-1"), "--sound", "alsa:left", environment=sound.environment
            )
            node.start()
            try:
                measure_body(station, broker, node)
            finally:
                node.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
