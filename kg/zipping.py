"""Zip files with the same bytes for the same content: sorted names, one fixed date. Standard library only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_READABLE = 0o644 << 16


def to_zip(files: Mapping[str, bytes], *, first: str = "") -> bytes:
    """Files as a zip. :param first: a name that goes before all others and is not compressed, as EPUB and others want it.

    >>> to_zip({"b": b"2", "a": b"1"}) == to_zip({"a": b"1", "b": b"2"})
    True
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda name: (name != first, name)):
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_STORED if name == first else zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, _READABLE
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def from_zip(data: bytes) -> dict[str, bytes]:
    """The files in a zip by name, without folders."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
