"""Static files: an address that changes with the content, so that browsers keep them for good, and compression of every answer."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request
from flask_compress import Compress

from kg.data_results import FORMATS
from kg.rdf_formats import RDF_FORMATS

TEXTS = (
    "text/html",
    "text/css",
    "text/plain",
    "text/csv",
    "text/javascript",
    "application/json",
    "application/xml",
    "image/svg+xml",
)
KEPT, ASKED_AGAIN = "public, max-age=31536000, immutable", "public, no-cache"


def serve_assets(app: Flask) -> None:
    """Put the version into every address of a static file and compress what is text."""
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    sent = {form.media_type for form in RDF_FORMATS} | {form.media_type for form in FORMATS.values()}
    app.config.setdefault("COMPRESS_MIMETYPES", [*TEXTS, *sorted(sent)])
    Compress(app)
    app.after_request(_read_whole)  # before it is compressed: what is registered last runs first
    app.url_defaults(_put_version)


def cache_rule(response: Response) -> str:
    """How long the answer may be kept: for good if the address names the content, never if it shows what somebody read."""
    if response.status_code not in (200, 304):
        return "no-store"
    if (request.endpoint or "").startswith("linked."):
        return ASKED_AGAIN
    if request.endpoint != "static":
        return "no-store"
    version = version_of((request.view_args or {}).get("filename", ""))
    return KEPT if version and request.args.get("v") == version else ASKED_AGAIN


def version_of(filename: str) -> str | None:
    """A short name of the content of a static file, or None if there is no such file."""
    path = Path(current_app.static_folder or "") / filename
    return _read_version(path, path.stat().st_mtime_ns) if path.is_file() else None


def _read_whole(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code == 200:
        response.direct_passthrough = False
        response.get_data()
    return response


@lru_cache(maxsize=256)
def _read_version(path: Path, changed: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def _put_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "filename" in values and (version := version_of(values["filename"])):
        values.setdefault("v", version)
