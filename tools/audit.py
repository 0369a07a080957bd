"""Look for known vulnerabilities in everything that is installed: by the public service through pip-audit, and by a list that is kept here.

Run: python -m tools.audit     (make audit)
The service is first asked about a version that is known to be vulnerable. Only if it knows that one is it believed about the others: an
answer that knows nothing looks just like one that found nothing. Where it cannot be asked, that is said loudly, and the list stands
alone: `tools/advisories.json`, which gives for each package the version that mended each fault, and the day on which somebody last looked
for new ones. Ends with 1 if anything that is delivered is vulnerable, if the list is older than half a year, or if the list itself does not
find what it must. What is only used for development is told and does not fail.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import distributions
from pathlib import Path

from packaging.version import Version

from .delivered import find_delivered, to_name

LIST = Path(__file__).with_name("advisories.json")
OLDEST = 183  # days after which the list counts as stale
CONTROL = {"jinja2": "3.1.2"}  # vulnerable since 2024
OURS = {"survivor-leadership-kg"}

Versions = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A known vulnerability of something installed. :ivar mended: the first version without it; "" if unknown."""

    package: str
    version: str
    advisory: str
    mended: str

    def __str__(self) -> str:
        told = f"mended in {self.mended}" if self.mended else "not mended yet"
        return f"{self.package} {self.version}: {self.advisory}, {told}"


def read_list(path: Path = LIST) -> tuple[date, list[dict[str, str]]]:
    """The day on which the list was last gone through, and its entries."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return date.fromisoformat(told["looked"]), told["advisories"]


def find_in_list(installed: Versions, entries: list[dict[str, str]]) -> list[Fault]:
    """What of the installed is vulnerable, by the list.

    >>> [str(each) for each in find_in_list({"jinja2": "3.1.2"}, [{"package": "jinja2", "id": "X-1", "fixed": "3.1.3"}])]
    ['jinja2 3.1.2: X-1, mended in 3.1.3']
    >>> find_in_list({"jinja2": "3.1.3"}, [{"package": "jinja2", "id": "X-1", "fixed": "3.1.3"}])
    []
    """
    return [
        Fault(entry["package"], version, entry["id"], entry["fixed"])
        for entry in entries
        if (version := installed.get(entry["package"]))
        and Version(entry.get("from", "0")) <= Version(version) < Version(entry["fixed"])
    ]


def ask_service(wanted: Versions) -> list[Fault]:
    """What of some versions is vulnerable, by the public service.

    :raises OSError: if it cannot be asked, or what it says cannot be read.
    """
    lines = "".join(f"{name}=={version}\n" for name, version in wanted.items())
    command = [sys.executable, "-m", "pip_audit", "--requirement", "/dev/stdin", "--no-deps", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=300)  # noqa: S603 - our own words
    try:
        told = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError) as error:
        raise OSError((done.stderr.strip().splitlines() or ["it said nothing"])[-1][:200]) from error
    return [
        Fault(to_name(each["name"]), each["version"], fault["id"], next(iter(fault.get("fix_versions", ())), ""))
        for each in told
        for fault in each.get("vulns", ())
    ]


def audit(
    installed: Versions,
    delivered: set[str],
    *,
    ask: Callable[[Versions], list[Fault]] = ask_service,
    kept: tuple[date, list[dict[str, str]]] | None = None,
    today: date | None = None,
    say: Callable[[str], None] = print,
) -> int:
    """Look, and say what was found.

    :param delivered: names of what is delivered, of which none may be vulnerable. :param ask: the public service.
    :returns: how many faults there are that must not be.
    """
    looked, entries = kept or read_list()
    faults, wrong = set(find_in_list(installed, entries)), list[str]()
    if not find_in_list(CONTROL, entries):
        wrong.append(f"The list does not know that {CONTROL} is vulnerable: it is not to be trusted.")
    try:
        if not ask(CONTROL):
            raise OSError("it knows nothing of a version that is known to be vulnerable")
        faults |= set(ask(installed))
        say(f"The vulnerability service was asked about {len(installed)} packages.")
    except (OSError, subprocess.SubprocessError) as error:
        say("!" * 100)
        say(f"THE VULNERABILITY SERVICE COULD NOT BE ASKED: {error}")
        say(f"Only the list of {looked}, {len(entries)} advisories, was looked into. Newer faults are not found here.")
        say("!" * 100)
    age = ((today or date.today()) - looked).days
    if age > OLDEST:
        wrong.append(f"Nobody has gone through the list for {age} days: look for new advisories, then set its day.")
    for fault in sorted(map(str, faults)):
        kind = "VULNERABLE" if fault.partition(" ")[0] in delivered else "vulnerable, for development only"
        say(f"{kind}: {fault}")
    wrong += [str(fault) for fault in faults if fault.package in delivered]
    say(
        "\n".join(wrong)
        if wrong
        else f"Nothing that is delivered ({len(delivered)} packages) is known to be vulnerable."
    )
    return len(wrong)


def main() -> int:
    """Look through this environment."""
    installed = {
        to_name(name): each.version for each in distributions() for name in each.metadata.get_all("Name") or ()
    }
    return min(audit({name: version for name, version in sorted(installed.items()) if name not in OURS},
                     set(find_delivered(extras=True))), 1)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
