"""What keeps the project in order can fail: a version with a known fault is found, a stale list counts as one, every component is listed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.version import Version

from tools import audit, sbom
from tools.delivered import find_delivered, to_name

ROOT = Path(__file__).resolve().parent.parent
LOOKED, ENTRIES = audit.read_list()
TODAY = LOOKED + timedelta(days=10)
NOW = {name: found.version for name, found in find_delivered(extras=True).items()}


def unreachable(_: audit.Versions) -> list[audit.Fault]:
    raise OSError("no route to it")


def knowing(faults: list[audit.Fault]) -> Callable[[audit.Versions], list[audit.Fault]]:
    """A service that knows the control, and some faults of what is installed."""

    def ask(wanted: audit.Versions) -> list[audit.Fault]:
        return [audit.Fault("jinja2", "3.1.2", "X-0", "3.1.6")] if wanted == audit.CONTROL else faults

    return ask


def run(
    installed: audit.Versions, ask: Callable[[audit.Versions], list[audit.Fault]], today: date = TODAY
) -> tuple[int, str]:
    told: list[str] = []
    return audit.audit(installed, set(NOW), ask=ask, today=today, say=told.append), "\n".join(told)


def test_nothing_that_is_delivered_is_known_to_be_vulnerable_and_a_service_that_is_away_is_told_loudly() -> None:
    wrong, told = run(NOW, unreachable)
    assert wrong == 0, told
    assert "COULD NOT BE ASKED: no route to it" in told and f"Only the list of {LOOKED}" in told


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_each_fault_of_the_list_is_found_in_the_version_that_has_it_and_in_none_that_has_not(
    entry: dict[str, str],
) -> None:
    assert set(entry) <= {"package", "id", "cve", "from", "fixed", "source"} and entry["package"] in NOW
    assert entry["source"].startswith("https://") and entry["package"] == to_name(entry["package"])
    first = entry.get("from", "0")
    for version, found in ((first, True), (f"{entry['fixed']}.dev0", True), (entry["fixed"], False)):
        assert any(each.advisory == entry["id"] for each in audit.find_in_list({entry["package"]: version}, ENTRIES)) is found  # fmt: skip
    assert Version(NOW[entry["package"]]) >= Version(entry["fixed"])


def test_negative_control_a_vulnerable_version_fails_by_the_list_and_by_the_service() -> None:
    wrong, told = run({**NOW, "werkzeug": "3.1.5"}, unreachable)
    assert wrong == 1 and "VULNERABLE: werkzeug 3.1.5: GHSA-29vq-49wr-vm6x, mended in 3.1.6" in told
    wrong, told = run(NOW, knowing([audit.Fault("rdflib", NOW["rdflib"], "X-1", "")]))
    assert wrong == 1 and "X-1, not mended yet" in told and "COULD NOT" not in told


def test_what_is_only_for_development_is_told_and_does_not_fail() -> None:
    wrong, told = run({**NOW, "some-tool": "1"}, knowing([audit.Fault("some-tool", "1", "X-2", "2")]))
    assert wrong == 0 and "for development only: some-tool 1: X-2" in told


def test_a_service_that_knows_nothing_is_not_believed() -> None:
    wrong, told = run(NOW, lambda _: [])
    assert wrong == 0 and "COULD NOT BE ASKED: it knows nothing" in told


def test_a_list_that_is_old_or_knows_nothing_fails() -> None:
    wrong, told = run(NOW, unreachable, LOOKED + timedelta(days=audit.OLDEST + 1))
    assert wrong == 1 and "Nobody has gone through the list for 184 days" in told
    assert audit.audit(NOW, set(NOW), ask=unreachable, kept=(LOOKED, []), today=TODAY, say=lambda _: None) == 1


def test_the_bill_of_materials_is_one_and_names_everything_that_is_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")
    file = tmp_path / "sbom.json"
    assert sbom.main(str(file)) == 0
    text = file.read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text.replace('"library"', '"libary"')) is not None
    told = json.loads(text)
    listed = {each["name"]: each for each in told["components"]}
    assert {name: listed[name]["version"] for name in find_delivered()} == {
        name: found.version for name, found in find_delivered().items()
    }
    assert all(each.get("licenses") for each in listed.values()), "each says its licence"
    needs = {each["ref"]: set(each.get("dependsOn", ())) for each in told["dependencies"]}
    assert {"python:flask", "script:vis-network", "script:codemirror"} <= needs["project"]
    assert "python:werkzeug" in needs["python:flask"]
    assert sbom.to_json(sbom.build_bom()) == text, "the same again"


def test_every_file_of_others_is_in_it_with_its_checksum() -> None:
    told = json.loads(sbom.to_json(sbom.build_bom()))
    listed = {
        part["name"]: part["hashes"][0]["content"] for each in told["components"] for part in each.get("components", ())
    }
    files = {path for path in sbom.VENDOR.rglob("*") if path.is_file() and path.name != "README.md"}
    assert len(files) >= 8
    for path in files:
        name = str(path.relative_to(sbom.VENDOR))
        assert listed[name] == hashlib.sha256(path.read_bytes()).hexdigest(), name
    for each in sbom.read_vendored():
        assert re.fullmatch(r"\d+\.\d+\.\d+", each.version) and each.files
    assert sum(name.endswith(".ttf") for name in listed) >= 6


def test_make_and_ci_do_both() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "-m tools.audit" in makefile and "-m tools.sbom" in makefile
    assert re.search(r"^make audit$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.M)
