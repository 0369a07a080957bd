"""A build is whole or it is not there: the same bytes each time, killed at any moment, damaged in any file, wanted by many."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from kg.build import write_build
from kg.config import Config
from kg.errors import BuildDamaged, BuildLocked, BuildMissing, CannotWrite, DataFault
from kg.folders import INDEX, MANIFEST, SNAPSHOT, OpenBuild, open_build
from kg.index import Index
from kg.queries import KnowledgeGraph

ROOT = Path(__file__).resolve().parent.parent


def kg(config: Config, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kg", "--data", str(config.data), "--build", str(config.build), *args]
    return subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, cwd=ROOT)


def whole(build: Path) -> str:
    """The name of the build in use, after every file of it was checked and a question answered from it."""
    opened = open_build(build)
    opened.verify()
    with KnowledgeGraph(opened) as graph:
        assert graph.describe("ap-barrier-2.6").links
    return opened.folder.name


def change(config: Config, text: str) -> None:
    path = config.data / "tiny.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("frontline services", text), encoding="utf-8")


def test_the_same_input_gives_the_same_bytes_under_any_hash_seed_folder_and_date(tiny: Config, tmp_path: Path) -> None:
    names = set()
    for seed, folder, zone in (
        ("0", "one", "UTC"),
        ("1", "two", "Asia/Kathmandu"),
        ("4242", "three/deeper", "America/Lima"),
    ):
        build = tmp_path / folder
        done = kg(Config(tiny.data, tiny.ontology, build), "build", PYTHONHASHSEED=seed, TZ=zone)
        assert done.returncode == 0, done.stderr
        names.add(whole(build))
        time.sleep(1.1)  # another second, should a clock be written anywhere
    assert len(names) == 1, "a build is named by what is in it"


def test_building_twice_keeps_one_folder_and_another_input_gives_another(tiny: Config) -> None:
    first = write_build(tiny)
    assert write_build(tiny) == first
    change(tiny, "services at the front")
    assert write_build(tiny) != first


def test_the_last_two_builds_are_kept(tiny: Config) -> None:
    folders = []
    for text in ("alpha care", "beta care", "gamma care"):
        change(tiny, text)
        folders.append(write_build(tiny).name)
        path = tiny.data / "tiny.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(text, "frontline services"), encoding="utf-8")
    kept = {path.name for path in tiny.build.iterdir() if path.is_dir()}
    assert kept == set(folders[1:])
    assert whole(tiny.build) == folders[2]


def test_what_is_no_build_is_never_removed(tiny: Config) -> None:
    """Somebody may name a folder for builds in which other things are."""
    for name in ("pictures", "0" * 63, ".hidden"):
        (tiny.build / name).mkdir(parents=True)
        (tiny.build / name / "mine").write_text("mine", encoding="utf-8")
    for text in ("alpha care", "beta care", "gamma care"):
        change(tiny, text)
        write_build(tiny)
    assert len(list(tiny.build.glob("*/mine"))) == 3


def test_a_build_with_errors_leaves_the_good_one_in_use(tiny: Config) -> None:
    good = write_build(tiny).name
    (tiny.data / "links.yaml").write_text("links:\n  - from: nobody\n", encoding="utf-8")
    with pytest.raises(DataFault) as fault:
        write_build(tiny)
    assert fault.value.problems
    assert whole(tiny.build) == good
    assert not list(tiny.build.glob(".tmp-*"))


@pytest.mark.parametrize("step", ["write_snapshot", "build_index", "write_dumps", "seal", "_sync", "_forget_others"])
def test_failing_at_each_step_leaves_a_whole_build_in_use(
    tiny: Config, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    import kg.build
    import kg.folders
    import kg.index
    import kg.publishing
    import kg.snapshot

    old = write_build(tiny).name
    change(tiny, "services at the front")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    for room in (kg.build, kg.folders, kg.publishing, kg.index, kg.snapshot):
        if hasattr(room, step):
            monkeypatch.setattr(room, step, full)
    with pytest.raises(CannotWrite, match=r"There is no room .* stays as it is\. Free some room"):
        write_build(tiny)
    monkeypatch.undo()
    assert not list(tiny.build.glob(".tmp-*"))
    assert (whole(tiny.build) == old) == (step != "_forget_others"), "after the swap the new one is in use"
    write_build(tiny)
    assert whole(tiny.build) != old


def test_one_writer_at_a_time_the_others_exit_3(tiny: Config) -> None:
    write_build(tiny)
    with FileLock(tiny.build / ".lock"):
        with pytest.raises(BuildLocked):
            write_build(tiny)
        done = kg(tiny, "build")
    assert done.returncode == 3
    assert "Another process is building" in done.stderr
    assert kg(tiny, "build").returncode == 0


def test_no_build_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BuildMissing, match=r"There is no build in .* Run: kg build"):
        open_build(tmp_path / "nowhere")


def spoil_byte(path: Path, chance: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    path.write_bytes(raw)


@pytest.mark.parametrize("damage", ["one bit", "cut short", "missing", "emptied"])
def test_damage_to_any_file_is_found_named_and_mended_by_a_new_build(tiny: Config, damage: str) -> None:
    folder, chance = write_build(tiny), random.Random(damage)
    spare = tiny.build.parent / "spare"
    shutil.copytree(folder, spare)
    for name in sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()):
        path = folder / name
        if damage == "one bit":
            spoil_byte(path, chance)
        elif damage == "cut short":
            path.write_bytes(path.read_bytes()[:-1])
        elif damage == "missing":
            path.unlink()
        else:
            path.write_bytes(b"")
        with pytest.raises(BuildDamaged, match=path.name.replace(".", r"\.")) as damaged:
            open_build(tiny.build).verify()
        assert damaged.value.hint == "Run: kg build"
        if name != SNAPSHOT:
            shutil.copy2(spare / name, path)
    assert write_build(tiny) == folder, "a damaged folder of the same content is made anew"
    whole(tiny.build)


def test_a_file_that_was_added_to_the_index_is_refused(tiny: Config) -> None:
    folder = write_build(tiny)
    (folder / INDEX / "_MAIN_9.toc").write_bytes(b"forged")
    with pytest.raises(BuildDamaged, match="_MAIN_9"):
        open_build(tiny.build).checked(INDEX)


def test_the_index_is_never_opened_before_its_checksum_holds(tiny: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoosh unpickles what it opens, and a forged pickle runs code: so a forged one must never reach it."""
    folder = write_build(tiny)
    [toc] = (folder / INDEX).glob("*.toc")
    spoil_byte(toc, random.Random(1))
    opened = []
    monkeypatch.setattr(Index, "__init__", lambda self, path, thesaurus: opened.append(path))
    with KnowledgeGraph(open_build(tiny.build)) as graph, pytest.raises(BuildDamaged, match=r"\.toc"):
        graph.search("bank")
    assert not opened


def test_a_snapshot_that_is_none_says_so(tiny: Config) -> None:
    folder = write_build(tiny)
    (folder / SNAPSHOT).write_bytes(b"not a database at all")
    with pytest.raises(BuildDamaged, match=SNAPSHOT):
        KnowledgeGraph(open_build(tiny.build))


def test_a_pointer_to_a_folder_that_is_gone_says_so(tiny: Config) -> None:
    shutil.rmtree(write_build(tiny))
    with pytest.raises(BuildDamaged, match="which is not there"):
        open_build(tiny.build)


def test_a_changed_manifest_is_found_by_the_name_of_its_folder(tiny: Config) -> None:
    folder = write_build(tiny)
    manifest = folder / MANIFEST
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"files"', '"Files"'), encoding="utf-8")
    with pytest.raises(BuildDamaged, match=MANIFEST):
        OpenBuild(folder)


def test_the_dumps_hold_the_graph_that_the_snapshot_answers_from(
    kg: KnowledgeGraph, real_build: Config, real_graph: object
) -> None:
    from rdflib import Graph

    folder = open_build(real_build.build).folder
    triples = Graph().parse(folder / "graph.nt", format="nt")
    assert set(triples) == set(real_graph)  # type: ignore[call-overload]
    assert len(triples) == kg.stats().triples


def test_readers_keep_answering_while_builds_are_made_and_swapped(tiny: Config) -> None:
    """Two more builds are made; whoever opened the first one goes on with it, in the middle of asking too."""
    write_build(tiny)
    text = (tiny.data / "tiny.yaml").read_text(encoding="utf-8")
    asked = ["bank", "records", "housing for staff"]
    with KnowledgeGraph(open_build(tiny.build)) as kg:
        expected = {question: kg.search(question) for question in asked}
        assert all(answer.results for answer in expected.values())
        folder = kg._build.folder
        wrong: list[object] = []
        done = threading.Event()

        def ask() -> None:
            while not done.is_set():
                for question, answer in expected.items():
                    try:
                        if kg.search(question) != answer:
                            wrong.append(question)
                    except Exception as error:
                        wrong.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        for word in ("records", "convictions"):
            (tiny.data / "tiny.yaml").write_text(text.replace("clear my record", f"clear my {word}"), encoding="utf-8")
            write_build(tiny)
        done.set()
        thread.join()
        assert not wrong
        assert kg.search("homes").results, "words that nobody asked for before are still read"
        assert folder.exists(), "what somebody reads is not removed"
    write_build(tiny)
    assert not folder.exists(), "when nobody reads it any more, it is"
    with KnowledgeGraph(open_build(tiny.build)) as fresh:
        assert "clear my convictions" in fresh.describe("ap-action-3.2.11").item.also
