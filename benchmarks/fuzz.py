"""Throw hostile input at a door for some minutes, led by the coverage that it reaches: all of it ends in a result or a KGError.

Run: python benchmarks/fuzz.py TARGET [--seconds 600] [--corpus FOLDER]     (TARGET: yaml, query, sparql, exports, parameters)
Half of the inputs are bytes that libFuzzer (by atheris) makes of those that are kept in `tests/fuzz/TARGET/`; half are made by the grammar
of the target, whose every choice libFuzzer makes. Only code of the project counts as coverage. Ends with 1 if there is a finding: its input
is put into `build/fuzz/TARGET/`, the shortest of each fault; a mended one belongs into `tests/fuzz/TARGET/`, which a test replays.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
NAMES = ("yaml", "query", "sparql", "exports", "parameters")
MADE, LONGEST, MEGABYTES, HANGS = (
    128,
    4000,
    4096,
    60,
)  # first byte from which on the grammar reads the rest; bytes; of memory; seconds


def main() -> int:
    """Start the process that is fuzzed, and tell what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=NAMES)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--corpus", type=Path, help="what reaches something new is kept here, and begun with")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return throw(options.target, options.seconds, Path(options.inside), options.corpus)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, options.target, "--seconds", str(options.seconds), "--inside", folder]
        command += ["--corpus", str(options.corpus.resolve())] if options.corpus else []
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    told = done.stderr
    runs = re.findall(r"number_of_executed_units: (\d+)", told)
    covered = re.findall(r"cov: (\d+)", told)
    findings = sorted((ROOT / "build" / "fuzz" / options.target).glob("*.txt"))
    if not runs or not covered:
        print(told[-6000:])
        print("It ended before its time: a hang, a crash or too much memory.")
        return 1
    print(
        f"{options.target}: {runs[-1]} executions in {options.seconds} s; coverage from {covered[0]} to {covered[-1]} places"
    )
    for path in findings:
        print(f"FINDING {path.name}: {path.with_suffix('.told').read_text(encoding='utf-8').strip().splitlines()[-1]}")
    return bool(findings)


def throw(name: str, seconds: int, folder: Path, corpus: Path | None) -> int:
    """Fuzz in this process, which libFuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=["kg", "webui"]):
        from hypothesis import HealthCheck, given, settings

        from kg.build import write_build
        from kg.config import Config
        from kg.folders import open_build
        from kg.queries import KnowledgeGraph
        from tests.fuzzing import Finding, World, kept, open_target, try_input

        def build() -> KnowledgeGraph:
            config = Config(data=ROOT / "tests" / "tiny", ontology=ROOT / "ontology", build=folder / "small")
            write_build(config)
            return KnowledgeGraph(open_build(config.build))

        (folder / "scratch").mkdir()
        target = open_target(name, World(cache(build), folder / "scratch"))
        for path in kept(name):  # brings in whatever is imported late
            try_input(target.check, path.read_bytes())
    found: dict[str, Finding] = {}
    out = ROOT / "build" / "fuzz" / name
    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        old.unlink()

    def note(finding: Finding | None) -> None:
        if finding is None or (finding.where in found and len(found[finding.where].data) <= len(finding.data)):
            return
        found[finding.where] = finding
        path = out / f"{hashlib.sha256(finding.where.encode()).hexdigest()[:12]}.txt"
        path.write_bytes(finding.data)
        path.with_suffix(".told").write_text(f"{finding.told}\n{finding.where}\n", encoding="utf-8", errors="replace")

    @settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(target.made)
    def grammar(data: bytes) -> None:
        note(try_input(target.check_made, data))

    def one(data: bytes) -> None:
        if data[:1] >= bytes([MADE]):
            grammar.hypothesis.fuzz_one_input(data[1:])
        else:
            note(try_input(target.check, data[1:]))

    corpus = corpus or folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for path in kept(name):
        (corpus / path.name).write_bytes(b"\0" + path.read_bytes())
    for number in range(64):  # so that both halves begin with something
        (corpus / f"made-{number}").write_bytes(
            bytes([255]) + hashlib.shake_256(bytes([number])).digest(40 * number + 8)
        )
    words = folder / "words"
    words.write_text("".join(f'"{_escape(word)}"\n' for word in dict.fromkeys(target.words) if word), encoding="ascii")
    atheris.Setup(
        [sys.argv[0], str(corpus), f"-dict={words}", f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={HANGS}",
         f"-rss_limit_mb={MEGABYTES}", "-print_final_stats=1", "-close_fd_mask=0", f"-artifact_prefix={out}/"],
        one,
    )  # fmt: skip
    atheris.Fuzz()
    return 0


def _escape(word: str) -> str:
    return "".join(f"\\x{byte:02X}" for byte in word.encode("utf-8", "surrogatepass")[:60])


if __name__ == "__main__":
    sys.exit(main())
