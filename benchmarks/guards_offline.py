"""Whether anything reaches for the network: check, build, every export, a learning pack and a search, with the net refused twice over.

Run: python benchmarks/guards_offline.py
Once under an audit hook that notes and refuses every connection, every name that is looked up and every address that is opened; once more
in a namespace that has no network at all (`unshare --net`, where the system allows it to this user; else it says so). The control
reaches for an address of this machine on purpose, in each of the ways, and must be noted. Ends with 1 if anything is noted or fails, or if
the control is not noted.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Connections between parts of one machine that have no address (AF_UNIX) are no network.
HOOK = """
import sys
noted = []
EVENTS = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto",
          "urllib.Request", "http.client.connect", "ftplib.connect", "smtplib.connect"}
def refuse(event, args):
    if event in EVENTS and not (event in ("socket.connect", "socket.bind") and isinstance(args[1], (str, bytes))):
        noted.append(f"{event} {args[1:] if event.startswith('socket.') else args}"[:120])
        raise OSError(f"no network here: {event}")
sys.addaudithook(refuse)
"""
WORK = """
import sys
from pathlib import Path
from kg.build import check_data, write_build
from kg.folders import open_build
from kg.config import Config
from kg.export import FORMATS, to_bytes
from kg.pack import build_pack
from kg.queries import KnowledgeGraph
data, ontology, build, asked = sys.argv[1:5]
config = Config(data=Path(data), ontology=Path(ontology), build=Path(build))
assert not [each for each in check_data(config) if each.level == "error"]
write_build(config)
opened = open_build(config.build)
opened.verify()
with KnowledgeGraph(opened) as kg:
    part = kg.subgraph([asked])
    for name in FORMATS:
        to_bytes(part, name)
    if asked != "everything":
        build_pack(kg.curriculum([asked], minutes=60))
    kg.search("bank account")
print(len(noted), *noted, sep="\\n")
"""
REACH = """
import contextlib, http.client, socket, urllib.request, warnings
warnings.simplefilter("ignore")
import rdflib
def reach():
    yield lambda: urllib.request.urlopen("http://127.0.0.1:9/x", timeout=1)
    yield lambda: socket.create_connection(("127.0.0.1", 9), 1)
    yield lambda: socket.getaddrinfo("nobody.invalid", 80)
    yield lambda: http.client.HTTPConnection("127.0.0.1", 9, timeout=1).request("GET", "/")
    yield lambda: rdflib.Graph().parse(data='{"@context": "http://127.0.0.1:9/c"}', format="json-ld")
    yield lambda: rdflib.Dataset().query("SELECT * FROM <http://127.0.0.1:9/g> { ?s ?p ?o }")
ways = 0
for way in reach():
    before = len(noted)
    with contextlib.suppress(Exception):
        way()
    ways += len(noted) > before
print(ways)
"""
WAYS = 6


def run(code: str, *args: str, apart: bool = False) -> list[str]:
    """What a process printed, line by line. :param apart: in a namespace without a network. :raises CalledProcessError: if it failed."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [*(["unshare", "--net"] if apart else []), sys.executable, "-c", HOOK + code, *args]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def can_be_apart() -> bool:
    """Whether this user may make a namespace without a network."""
    return (
        bool(shutil.which("unshare"))
        and not subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode
    )


def reach_out(data: Path, asked: str, *, apart: bool = False) -> list[str]:
    """Every reach for the network while all the work is done."""
    with tempfile.TemporaryDirectory() as folder:
        count, *noted = run(WORK, str(data), str(ROOT / "ontology"), folder, asked, apart=apart)
    assert int(count) == len(noted)
    return noted


def control() -> int:
    """In how many of the ways a reach on purpose was noted, of :data:`WAYS`."""
    return int(run(REACH)[0])


def main() -> int:
    """Do everything and print. :returns: 1 if anything reached for the network."""
    missed = False
    for apart in (False, True):
        if apart and not can_be_apart():
            print("in a namespace without a network: NOT DONE, this system does not allow it to this user")
            continue
        noted = reach_out(ROOT / "data", "ap-barrier-group-2", apart=apart)
        print(f"{'without any network' if apart else 'with the network refused'}: {len(noted)} reaches for it")
        print("\n".join(noted[:20]), end="\n" if noted else "")
        missed |= bool(noted)
    seen = control()
    print(f"control: {seen} of {WAYS} ways of reaching out noted")
    return int(missed or seen < WAYS)


if __name__ == "__main__":
    sys.exit(main())
