"""The folder of a build: put in use by one rename, believed only as far as its checksums hold, kept while somebody reads it.

``build/CURRENT`` names the folder in use and, on a second line, the one before it; a folder is named by the SHA-256 of its
``MANIFEST.json``, which lists the SHA-256 of every other file. So nothing is believed before its checksum holds, and a damaged manifest
is found too. Whoever reads a folder holds a shared lock on its manifest, which the system lets go when the reader ends, however it ends:
a later build removes no folder that is read. No clock is asked which build is the newest.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

from .errors import BuildDamaged, BuildMissing

try:
    import fcntl
except ImportError:  # Windows, which removes no file that is open
    fcntl = None  # type: ignore[assignment]

SNAPSHOT, MANIFEST, CURRENT, INDEX, SENSES = "snapshot.sqlite", "MANIFEST.json", "CURRENT", "index", "senses.bin"
ADJACENCY = "adjacency.bin"  # only of a large build
_NAME = re.compile("[0-9a-f]{64}")  # nothing else is ever opened, and nothing else removed
_UNFINISHED = ".tmp-"


# ---- writing ----


@contextlib.contextmanager
def unfinished(build: Path) -> Iterator[Path]:
    """A folder to fill, out of the way of readers; gone at the end, unless it was put in use."""
    folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=build))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_unfinished(build: Path) -> None:
    """Remove what builds left that were killed."""
    for left in build.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)


def seal(folder: Path, version: str) -> None:
    """Write the manifest of a folder that has everything else. :param version: of the program that made it."""
    manifest = {"version": version, "files": {name: _digest(folder / name) for name in _files(folder)}}
    (folder / MANIFEST).write_text(
        json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n"
    )


def put_in_use(build: Path, new: Path) -> Path:
    """Give a sealed folder its name and let ``CURRENT`` name it. Killed at any moment, the old build or the new one is in use, whole.

    :returns: the folder under its name.
    """
    for path in [*(new / name for name in _files(new)), *(path for path in new.rglob("*") if path.is_dir()), new]:
        _sync(path)
    folder = build / _digest(new / MANIFEST)
    if folder.exists() and _damaged(folder):
        _remove(folder)
    if not folder.exists():
        new.chmod(0o755)
        new.rename(folder)
        _sync(build)
    now, before = _read_pointer(build)
    if now == folder.name:
        now = before
    pointer = build / f".{CURRENT}"
    pointer.write_text("".join(f"{name}\n" for name in (folder.name, now) if name), encoding="utf-8")
    _sync(pointer)
    pointer.replace(build / CURRENT)  # the one rename that puts the build in use
    _sync(build)
    _forget_others(build, {folder.name, now})
    return folder


def _forget_others(build: Path, keep: set[str]) -> None:
    """Remove every build but these and those that are being read."""
    for path in build.iterdir():
        if path.is_dir() and _NAME.fullmatch(path.name) and path.name not in keep:
            with contextlib.suppress(OSError), _alone(path):
                _remove(path)


def _remove(folder: Path) -> None:
    """So that at no moment half a folder stands under its name."""
    away = folder.with_name(f"{_UNFINISHED}{folder.name}")
    folder.rename(away)
    shutil.rmtree(away, ignore_errors=True)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """:raises BlockingIOError: if somebody reads the folder."""
    try:
        handle = os.open(folder / MANIFEST, os.O_RDONLY)
    except OSError:  # it has none, so nobody can read it
        yield
        return
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """:raises OSError: if what was written does not reach the disk."""
    folder = path.is_dir()
    with (
        contextlib.suppress(OSError) if folder else contextlib.nullcontext()
    ):  # some systems cannot open or sync a folder
        handle = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _damaged(folder: Path) -> bool:
    try:
        opened = OpenBuild(folder)
        try:
            opened.verify()
        finally:
            opened.close()
    except BuildDamaged:
        return True
    return False


# ---- reading ----


class OpenBuild:
    """A build folder whose manifest holds. Each file is checked when it is first asked for. It stays on the disk until it is closed."""

    def __init__(self, folder: Path) -> None:
        """:raises BuildDamaged: if the manifest is not the one that was written."""
        self.folder = folder
        try:
            handle = os.open(folder / MANIFEST, os.O_RDONLY)
        except OSError as error:
            raise BuildDamaged(f"{folder / MANIFEST} cannot be read.", "Run: kg build") from error
        self._let_go = weakref.finalize(self, os.close, handle)
        _hold(folder, handle)
        with os.fdopen(handle, "rb", closefd=False) as file:
            raw = file.read()
        if hashlib.sha256(raw).hexdigest() != folder.name:
            raise BuildDamaged(f"{folder / MANIFEST} is not the file that was written.", "Run: kg build")
        self.files: dict[str, str] = json.loads(raw)["files"]

    def close(self) -> None:
        """Let a later build remove the folder."""
        self._let_go()

    def checked(self, name: str) -> Path:
        """The path of a file or folder of the build, once every checksum below it holds and nothing was added.

        :raises BuildDamaged: which file is not as it was written.
        """
        path = self.folder / name
        expected = {file: digest for file, digest in self.files.items() if file == name or file.startswith(f"{name}/")}
        extra = {f"{name}/{file}" for file in _files(path)} - set(expected) if path.is_dir() else set()
        if extra or not expected:
            raise self._stranger(min(extra, default=name))
        for file, digest in expected.items():
            try:
                found = _digest(self.folder / file)
            except OSError as error:
                raise BuildDamaged(f"{self.folder / file} is missing.", "Run: kg build") from error
            if found != digest:
                raise BuildDamaged(f"{self.folder / file} is not the file that was written.", "Run: kg build")
        return path

    def verify(self) -> None:
        """Check every file. :raises BuildDamaged: at the first that is not as it was written, or was added."""
        if extra := set(_files(self.folder)) - {MANIFEST, *self.files}:
            raise self._stranger(min(extra))
        for name in sorted({file.partition("/")[0] for file in self.files}):
            self.checked(name)

    def _stranger(self, name: str) -> BuildDamaged:
        return BuildDamaged(f"{self.folder / name} does not belong to the build.", "Run: kg build")


def _hold(folder: Path, handle: int) -> None:
    """Hold the folder of an open manifest. :raises BuildDamaged: if it is being removed."""
    if not fcntl:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        there = os.path.samestat(os.fstat(handle), os.stat(folder / MANIFEST))
    except (BlockingIOError, FileNotFoundError):
        there = False
    except OSError:  # a file system without locks
        there = True
    if not there:
        raise BuildDamaged(f"{folder} is being removed.", "Try again.")


def open_build(build: Path) -> OpenBuild:
    """The build in use.

    :raises BuildMissing: if there is none. :raises BuildDamaged: if it is not as it was written.
    """
    while True:
        name = _read_pointer(build)[0]
        try:
            return _open(build, name)
        except BuildDamaged:
            if _read_pointer(build)[0] == name:
                raise  # else others were put in use in the meantime, and this one removed


def _open(build: Path, name: str) -> OpenBuild:
    if not name:
        raise BuildMissing(f"There is no build in {build}.", "Run: kg build")
    if not _NAME.fullmatch(name):
        raise BuildDamaged(f"{build / CURRENT} names no build.", "Run: kg build")
    if not (build / name).is_dir():
        raise BuildDamaged(f"{build / CURRENT} names {name[:12]}, which is not there.", "Run: kg build")
    return OpenBuild(build / name)


def read_stamp(build: Path) -> str:
    """What says, cheaply, whether a build was put in use since the last look: the name of it and when that was; "" if there is none."""
    try:
        written = (build / CURRENT).stat()
    except OSError:
        return ""
    return f"{_read_pointer(build)[0]} {written.st_ino} {written.st_mtime_ns}"


def _read_pointer(build: Path) -> tuple[str, str]:
    """The names of the build in use and of the one before it, each "" if there is none."""
    try:
        lines = (build / CURRENT).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "", ""
    now, before, *_ = [*map(str.strip, lines), "", ""]
    return now, before
