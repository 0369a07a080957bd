"""How many requests `kg serve` answers: client processes on loopback, and a bare Flask "hello" under the same waitress as the yardstick.

Run: python benchmarks/load.py [SECONDS]
For each address and, in turn, for the yardstick: four processes of the standard library alone, each with one connection that it keeps.
Clients and server share the cores, so only the ratios say something. Ends with 1 if anything is answered otherwise than by 200.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 4
QUESTION = "can%27t+open+a+bank+account+because+of+a+conviction"
ADDRESSES = {
    "first page": "/",
    "answers page": "/barriers/ap-barrier-2.6",
    "search page": f"/search?q={QUESTION}",
    "API: one item": "/api/v1/items/ap-barrier-2.6",
    "API: 100 items": "/api/v1/items?limit=100",
    "API: search": f"/api/v1/search?q={QUESTION}",
    "API: answers in own words": f"/api/v1/answers?q={QUESTION}",
    "API: view of 11 items": "/api/v1/view?do=from.ap-barrier-2.6~grow.ap-barrier-2.6&lean=1",
}
SITE = "import sys; from kg.cli import main; main(['--build', sys.argv[1], 'serve', '--port', sys.argv[2]])"
HELLO = """
import sys
from flask import Flask
from waitress import serve
from webui.serving import TUNING
app = Flask("hello")
app.add_url_rule("/", "hello", lambda: "hello")
serve(app, host="127.0.0.1", port=int(sys.argv[2]), **TUNING)
"""
CLIENT = """
import http.client, json, sys, time
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=30)
times, end = [], time.perf_counter() + float(sys.argv[3])
while (started := time.perf_counter()) < end:
    connection.request("GET", sys.argv[2])
    answer = connection.getresponse()
    assert answer.status == 200 and answer.read(), answer.status
    times.append(1000 * (time.perf_counter() - started))
print(json.dumps(times))
"""


@contextlib.contextmanager
def serving(*command: str) -> Iterator[int]:
    """A server in a process of its own, which takes its port last; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, *command, str(port)], stderr=subprocess.DEVNULL, cwd=ROOT)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def load(port: int, path: str, seconds: float) -> tuple[float, float, float]:
    """Requests in a second, median and 99th percentile of milliseconds. :raises CalledProcessError: if anything but 200 is answered."""
    command = [sys.executable, "-c", CLIENT, str(port), path, str(seconds)]
    clients = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(CLIENTS)]
    told = [client.communicate()[0] for client in clients]
    for client in clients:
        if client.returncode:
            raise subprocess.CalledProcessError(client.returncode, path)
    times = [each for one in told for each in json.loads(one)]
    return len(times) / seconds, median(times), quantiles(times, n=100)[98]


def measure_load(build: Path, seconds: float) -> None:
    """Print what each address and the yardstick give, one after the other so that both meet the same machine."""
    print(f"{'address':28} {'a second':>9} {'median ms':>10} {'99th ms':>9}  {'hello a second':>14}  ratio")
    with serving("-c", SITE, str(build)) as ours, serving("-c", HELLO, "") as bare:
        load(ours, "/", 1.0)
        for name, path in ADDRESSES.items():
            often, middle, slow = load(ours, path, seconds)
            hello = load(bare, "/", seconds)[0]
            print(f"{name:28} {often:9.0f} {middle:10.1f} {slow:9.1f}  {hello:14.0f}  {hello / often:5.1f}")


def main(seconds: float = 4.0) -> int:
    sys.path.insert(0, str(ROOT))
    from kg.build import write_build
    from kg.config import Config

    with tempfile.TemporaryDirectory() as folder:
        write_build(Config(data=ROOT / "data", ontology=ROOT / "ontology", build=Path(folder)))
        measure_load(Path(folder), seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
