"""Write the bill of materials: everything that is delivered, with version, licence and where it comes from, as CycloneDX.

Run: python -m tools.sbom [FILE]     (make sbom; build/sbom.cdx.json if no file is named)
What Python packages bring along is read from the environment; of the files of others that the site serves, and of the letters of the
pictures, each file stands with its SHA-256. The same environment gives the same file: its number is made from its content, and its time is
SOURCE_DATE_EPOCH, if that is set.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import Distribution
from pathlib import Path
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement

from .delivered import ROOT, find_delivered, read_project, to_name

VENDOR = ROOT / "webui" / "static" / "vendor"
# Of what does not tell it in its metadata: as its own text says.
LICENCES = {"vis-network": "Apache-2.0 OR MIT", "codemirror": "MIT", "resvg-py": "MIT"}
_HEADING = re.compile(r"^## (\S+) (\S+)$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| `([^`]+)` \| `[^`]+` \| `([0-9a-f]{64})` \|$", re.MULTILINE)
_CLASSIFIER = "License :: OSI Approved :: "


class Vendored(NamedTuple):
    """Files of others that are part of the project. :ivar files: path below the folder of such files -> SHA-256, as its README says."""

    name: str
    version: str
    files: dict[str, str]


def read_vendored() -> list[Vendored]:
    """What the README of the folder says of it."""
    text = (VENDOR / "README.md").read_text(encoding="utf-8")
    return [Vendored(name.lower(), version, dict(_ROW.findall(told))) for name, version, told in _HEADING.findall(text)]


def _first(found: Distribution, name: str) -> str:
    """A line of the metadata, "" if there is none: some readers of metadata give None then, some raise."""
    return str(next(iter(found.metadata.get_all(name) or ()), ""))


def licence_of(found: Distribution) -> str:
    """The licence, as the package itself tells it; "" if it does not."""
    told = found.metadata
    if expression := _first(found, "License-Expression"):
        return expression
    if named := [
        each.removeprefix(_CLASSIFIER) for each in told.get_all("Classifier", ()) if each.startswith(_CLASSIFIER)
    ]:
        return " / ".join(sorted(named))
    first = _first(found, "License").strip().partition("\n")[0]
    return LICENCES.get(to_name(told["Name"]), first[:80])


def _files(names: Iterator[tuple[str, bytes]]) -> list[Component]:
    return [
        Component(name=name, type=ComponentType.FILE, bom_ref=f"file:{name}", hashes=[_digest(data)])
        for name, data in names
    ]


def _digest(data: bytes) -> HashType:
    return HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(data).hexdigest())


def _package(name: str, found: Distribution) -> Component:
    licence = licence_of(found)
    made = Component(
        name=name,
        version=found.version,
        type=ComponentType.LIBRARY,
        scope=ComponentScope.REQUIRED,
        bom_ref=f"python:{name}",
        purl=PackageURL("pypi", None, name, found.version),
        licenses=[LicenseFactory().make_from_string(licence)] if licence else [],
        description=_first(found, "Summary") or None,
    )
    for line in found.metadata.get_all("Project-URL") or []:
        label, _, address = line.partition(", ")
        if re.search(r"source|repository|code|github", label, re.IGNORECASE):
            made.external_references.add(ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(address.strip())))
    if name == "font-roboto":
        fonts = (
            (path.name, Path(str(path.locate())).read_bytes())
            for path in sorted(found.files or ())
            if path.suffix == ".ttf"
        )
        made.components.update(_files(fonts))
    return made


def _vendored(told: Vendored) -> Component:
    return Component(
        name=told.name,
        version=told.version,
        type=ComponentType.LIBRARY,
        scope=ComponentScope.REQUIRED,
        bom_ref=f"script:{told.name}",
        purl=PackageURL("npm", None, told.name, told.version),
        licenses=[LicenseFactory().make_from_string(LICENCES[told.name])],
        components=_files((name, (VENDOR / name).read_bytes()) for name in told.files),
    )


def build_bom() -> Bom:
    """The bill of materials of what is installed here."""
    project, packages = read_project(), find_delivered()
    root = Component(
        name=str(project["name"]),
        version=str(project["version"]),
        type=ComponentType.APPLICATION,
        bom_ref="project",
        description=str(project["description"]),
        licenses=[LicenseFactory().make_from_string(str(project["license"]))],
    )
    bom = Bom()
    bom.metadata.component = root
    made = {name: _package(name, found) for name, found in packages.items()}
    scripts = [_vendored(each) for each in read_vendored()]
    bom.components.update([*made.values(), *scripts])
    declared = {to_name(Requirement(each).name) for each in project["dependencies"]}
    bom.register_dependency(root, [*(made[name] for name in sorted(declared)), *scripts])
    for name, found in packages.items():
        needs = {to_name(Requirement(line).name) for line in found.requires or () if "extra ==" not in line}
        bom.register_dependency(made[name], [made[each] for each in sorted(needs & set(made))])
    told = repr(sorted((each.name, each.version) for each in bom.components))
    bom.serial_number = uuid5(NAMESPACE_URL, told)
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        bom.metadata.timestamp = datetime.fromtimestamp(int(epoch), UTC)
    return bom


def to_json(bom: Bom) -> str:
    """CycloneDX 1.6, in JSON."""
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def main(file: str = "build/sbom.cdx.json") -> int:
    """Write it, and say what is in it."""
    bom, path = build_bom(), Path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_json(bom), encoding="utf-8")
    nameless = sorted(each.name for each in bom.components if not each.licenses)
    print(
        f"Written: {path} ({len(bom.components)} components{', without a licence: ' + ', '.join(nameless) if nameless else ''})"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
