"""The contract of the API tried at length: schemathesis asks every address in thousands of ways, in this process, on the real data.

Run: python benchmarks/contract.py [EXAMPLES]     (random cases for each address and phase; 60 give more than 5,000 requests)
Ends with 1 if anything is not as the description says.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kg.build import write_build  # noqa: E402
from kg.config import Config  # noqa: E402
from kg.queries import KnowledgeGraph  # noqa: E402
from tests.contract import try_contract  # noqa: E402
from webui import create_app  # noqa: E402


def main(examples: int = 60) -> int:
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        write_build(Config(data=ROOT / "data", ontology=ROOT / "ontology", build=Path(folder)))
        with KnowledgeGraph.open(folder) as kg:
            for cursors in (False, True):
                begun = time.perf_counter()
                found = try_contract(create_app(kg, PROPAGATE_EXCEPTIONS=False), examples=examples, cursors=cursors)
                passed = time.perf_counter() - begun
                statuses = ", ".join(f"{count} x {status}" for status, count in sorted(found.statuses.items()))
                told = "with made up cursors" if cursors else "without cursors"
                print(
                    f"{told}: {found.cases} requests in {passed:.0f} s, {sum(found.checks.values())} checks; {statuses}"
                )
                print("\n".join(found.failures) or "no failures")
                failures += len(found.failures)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
