"""Whether any part of the graph survives any format: thousands of random graphs written, read back by another reader, and compared.

Run: python benchmarks/guards_trips.py [GRAPHS]     (2,000 for each format if nothing is said)
The texts hold formulas, markup, control characters, halves of signs, other scripts and their directions. A graph is lost if writing or
reading fails or one item or link comes back otherwise; a formula is live if a cell begins like one; a file is outside if its name leads out
of its folder. Then writers without our cleaning, which must be found out. Ends with 1 if a goal is missed.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import networkx as nx  # noqa: E402

from kg.build import write_build  # noqa: E402
from kg.cleaning import clean_part  # noqa: E402
from kg.config import Config  # noqa: E402
from kg.export import FORMATS, to_bytes  # noqa: E402
from kg.flattening import ITEM_COLUMNS  # noqa: E402
from kg.folders import open_build  # noqa: E402
from kg.queries import KnowledgeGraph  # noqa: E402
from kg.subgraph import Subgraph  # noqa: E402
from tests import parts  # noqa: E402
from tests.test_export import RDF, read_items_and_links  # noqa: E402

READ_BACK = [*RDF, "graphml", "gexf", "cytoscape", "node-link", "json", "excel", "csv", "data-package", "ro-crate"]
CELLS = ("csv", "data-package", "ro-crate")
LIVE = tuple("=+-@\t\r\0＝＋－＠")
SIGNS = [
    *(chr(code) for code in range(0x20, 0x7F)),
    *"\0\x01\x08\x0b\x0c\x1b\x7f\x85\x9f\t\n\r\u2028\u2029\ufeff\ufffe\uffff\ud800\udfff",
    *"＝＋－＠éñßÿİıſ名前日本語שלום\u202e\u202c\u2066\u2069\u200b\u200d\u0301\U0001f469\U0001f600𝄞",
    *("</", "]]>", "-->", "<![CDATA[", "&amp;", "&#0;", "\\u0041", "{{", "}}", "${", "../", "..\\", "@prefix", '"""', "'''", "\r\n"),
]  # fmt: skip


def make_texts(chance: random.Random) -> tuple[list[str], list[tuple[int, int]]]:
    """A random graph: texts of its items, and which are linked."""
    texts = []
    for _ in range(chance.randint(1, 4)):
        text = "".join(chance.choices(SIGNS, k=chance.randint(0, 30)))
        texts.append(chance.choice(("", "", "", *LIVE)) + text)
    ends = [(chance.randrange(len(texts)), chance.randrange(len(texts))) for _ in range(chance.randint(0, 5))]
    return texts, ends


def fault_of(part: Subgraph, name: str, folder: Path, write: Callable[[Subgraph, str], bytes] = to_bytes) -> str:
    """What is wrong with one format of one graph; "" if nothing is."""
    wanted = parts.expected(clean_part(part))
    if name in CELLS:
        wanted = parts.as_cells(wanted)
    try:
        data = write(part, name)
        found = read_items_and_links(data, name, part, folder)
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:100]}"
    if found != wanted:
        return "came back otherwise"
    for row in cells_of(data, name):
        if live := [value for value in row if value.startswith(LIVE)]:
            return f"a live formula: {live[0][:40]!r}"
    return outside(part, name, data)


def cells_of(data: bytes, name: str) -> list[list[str]]:
    """The cells of every table in a format."""
    if name in CELLS:
        return [row for file, text in parts.unpack(data).items() if file.endswith(".csv")
                for row in csv.reader(io.StringIO(text.decode(), newline=""))]  # fmt: skip
    return []  # of Excel the type of each cell is looked at where it is read


def outside(part: Subgraph, name: str, data: bytes) -> str:
    """Which name of a file leads out of its folder; "" if none does."""
    names = [part.file_name(FORMATS[name].suffix)]
    names += list(parts.unpack(data)) if name in CELLS else []
    for each in names:
        posix, windows = PurePosixPath(each), PureWindowsPath(each)
        if posix.is_absolute() or windows.is_absolute() or windows.drive or len(windows.parts) != 1 or ".." in each:
            return f"a file outside: {each!r}"
    return ""


def write_carelessly(part: Subgraph, name: str) -> bytes:
    """What a writer gives that cleans nothing: the negative control."""
    if name == "csv":
        out, archive = io.StringIO(newline=""), io.BytesIO()
        writer = csv.writer(out)
        writer.writerow(ITEM_COLUMNS)
        for item in part.items:
            writer.writerow([str(getattr(item, column, "")) for column in ITEM_COLUMNS])
        with zipfile.ZipFile(archive, "w") as made:
            made.writestr("nodes.csv", out.getvalue())
            made.writestr("edges.csv", "id,start,relation,end,because\n")
        return archive.getvalue()
    graph = nx.MultiDiGraph()
    for item in part.items:
        graph.add_node(item.id, kind=item.kind, label=item.label, summary=item.summary)
    for edge in part.edges:
        graph.add_edge(edge.start, edge.end, relation=edge.relation, because=edge.because)
    return "\n".join(nx.generate_graphml(graph)).encode()


def run(kg: KnowledgeGraph, graphs: int, formats: list[str], *, seed: int = 8253,
        write: Callable[[Subgraph, str], bytes] = to_bytes) -> dict[str, list[str]]:  # fmt: skip
    """Format -> the fault of each graph that has one."""
    chance, like = random.Random(seed), kg.subgraph(["ap-barrier-2.6"])
    faults: dict[str, list[str]] = {name: [] for name in formats}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(graphs):
            texts, ends = make_texts(chance)
            part = parts.make_part(like, texts, ends)
            for name in formats:
                if fault := fault_of(part, name, Path(folder), write):
                    faults[name].append(f"{fault} in {texts!r}")
    return faults


def main(graphs: int = 2000) -> int:
    """Measure and print. :returns: 1 if a goal is missed or the control finds nothing."""
    config = Config(data=ROOT / "tests" / "tiny", ontology=ROOT / "ontology", build=Path(tempfile.mkdtemp()))
    write_build(config)
    begun, missed = time.perf_counter(), False
    with KnowledgeGraph(open_build(config.build)) as kg:
        for name, faults in run(kg, graphs, READ_BACK).items():
            print(f"{name:13} {graphs} graphs, {len(faults)} faults{': ' + faults[0][:300] if faults else ''}")
            missed |= bool(faults)
        print(f"{graphs * len(READ_BACK)} round trips in {time.perf_counter() - begun:.0f} s")
        for name, faults in run(kg, 200, ["csv", "graphml"], write=write_carelessly).items():
            print(f"control, a careless {name}: {len(faults)} of 200 graphs found out")
            missed |= len(faults) < 20
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
