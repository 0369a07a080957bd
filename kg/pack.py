"""A course as a pack of files for trainers: one table of formats, bytes in memory, a folder that is whole or not there."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import pack_cards, pack_cartridge, pack_docx, pack_moodle, pack_page, pack_pptx, zipping
from .choices import check_choice
from .course_results import Course
from .errors import FileExists, MissingFolder
from .export import to_bytes, write_whole
from .pack_blocks import about, build_guide, build_handout
from .subgraph import to_slug

ALL = "all"
READ_ME, COURSE = "README.txt", "course.json"


@dataclass(frozen=True, slots=True)
class Format:
    """One file of a pack.

    :ivar name: for options and parameters. :ivar file: its name in a pack. :ivar media_type: as it is sent. :ivar writer: course -> bytes.
    :ivar purpose: what it is for. :ivar use: how to open or import it. :ivar extra: it needs something that only some people have.
    """

    name: str
    file: str
    media_type: str
    writer: Callable[[Course], bytes]
    purpose: str
    use: str
    extra: bool = False


def _docx(course: Course, handout: bool) -> bytes:
    blocks = build_handout(course) if handout else build_guide(course)
    title = course.title if handout else f"{course.title}: facilitator's guide"
    return pack_docx.to_docx(blocks, title=title, date=course.date, language=course.language, about=about(course))


def _graph(format: str) -> Callable[[Course], bytes]:
    return lambda course: to_bytes(course.part, format)


def _json(course: Course) -> bytes:
    return (json.dumps(course.to_json(), ensure_ascii=False, indent=1) + "\n").encode()


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_TABLE = (
    Format("guide", "facilitator-guide.docx", _WORD, lambda course: _docx(course, False),
           "For whoever leads the course: safety, times, answers, what did not fit.", "Word, LibreOffice, Google Docs. Read this first."),
    Format("handout", "handout.docx", _WORD, lambda course: _docx(course, True),
           "For participants, to be changed as you need it.", "Word, LibreOffice, Google Docs. Fill in the support contacts first."),
    Format("pdf", "handout.pdf", "application/pdf", pack_page.to_pdf,
           "The handout to print, tagged for screen readers.", "Any PDF reader.", True),
    Format("slides", "slides.pptx", _SLIDES, pack_pptx.to_pptx,
           "Slides; what to say stands in the notes.", "PowerPoint, LibreOffice, Google Slides."),
    Format("page", "course.html", "text/html", pack_page.to_page,
           "The course for learning alone: readings, questions, cards. It opens offline and asks no other computer.", "Any web browser."),
    Format("cartridge", "course.imscc", "application/zip", pack_cartridge.to_imscc,
           "The course for Moodle or Canvas (IMS Common Cartridge 1.1).",
           "Moodle: Restore, in an empty course. Canvas: Settings, Import Course Content, Common Cartridge 1.x Package. "
           "Hide the part for the facilitator."),
    Format("glossary", "glossary.xml", "application/xml", pack_moodle.to_glossary,
           "The words, for a Moodle glossary.", "Moodle: in a glossary, Import entries."),
    Format("quiz", "questions.gift", "text/plain", pack_moodle.to_gift,
           "The questions, for a Moodle question bank.", "Moodle: Question bank, Import, GIFT format."),
    Format("anki", "cards.apkg", "application/zip", pack_cards.to_apkg,
           "Cards to learn with.", "Anki: File, Import. A second import brings cards up to date."),
    Format("cards", "cards.csv", "text/csv", pack_cards.to_csv,
           "The same cards as a list.", "A spreadsheet, Quizlet, or Anki."),
    Format("turtle", "graph.ttl", "text/turtle", _graph("turtle"),
           "The part of the graph that is taught, as RDF.", "Protégé, triple stores."),
    Format("graphml", "graph.graphml", "application/xml", _graph("graphml"),
           "The same as a network.", "yEd, Gephi, Cytoscape."),
    Format("json", COURSE, "application/json", _json,
           "The whole course as data.", "Programs."),
)  # fmt: skip
FORMATS: Mapping[str, Format] = {each.name: each for each in _TABLE}
# Names that stand for several files.
GROUPS = {
    ALL: tuple(FORMATS),
    "docx": ("guide", "handout"),
    "pptx": ("slides",),
    "imscc": ("cartridge",),
    "html": ("page",),
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written. :ivar files: its paths. :ivar missing: what was left out, and why."""

    files: tuple[Path, ...]
    missing: tuple[str, ...] = ()


def pick_formats(names: Iterable[str]) -> tuple[Format, ...]:
    """The formats of these names. :raises BadQuery: if there is no such name, with the nearest."""
    asked = [name for name in names if name]
    for name in asked:
        check_choice("format", name, (*GROUPS, *FORMATS))
    found = dict.fromkeys(each for name in asked or (ALL,) for each in GROUPS.get(name, (name,)))
    return tuple(FORMATS[name] for name in FORMATS if name in found)


def to_file(course: Course, name: str) -> bytes:
    """One file of a pack, in memory. The same course gives the same bytes.

    :raises BadQuery: if there is no such format. :raises NotInstalled: if it needs something that is not there.
    """
    check_choice("format", name, FORMATS)
    return FORMATS[name].writer(course)


def build_pack(course: Course, names: Iterable[str] = (ALL,)) -> tuple[dict[str, bytes], list[str]]:
    """The files of a pack by name, with what tells of them, and what was left out.

    :raises NotInstalled: if a format that was named needs something that is not there; with "all" it is left out.
    """
    asked = list(names)
    formats, missing = pick_formats(asked), []
    files = {}
    for each in formats:
        if each.extra and each.name not in asked and not pack_page.has_pdf():
            missing.append(f"{each.file}: needs WeasyPrint (pip install 'survivor-leadership-kg[pdf]').")
        else:
            files[each.file] = each.writer(course)
    files |= {COURSE: _json(course)}
    files[READ_ME] = _read_me(course, files, missing)
    return files, missing


def to_zip(course: Course) -> bytes:
    """The whole pack as one zip. The same course gives the same bytes."""
    return zipping.to_zip(build_pack(course)[0])


def write_pack(
    course: Course, out: Path | None = None, names: Iterable[str] = (ALL,), *, force: bool = False
) -> Written:
    """Write a pack into a folder of its own, or a single format into a file.

    :param out: a folder that does not exist yet, or, for one format, a file whose name ends as that of the format does; else a folder
        that is named after the course, here. :param force: over a pack or a file that is there; never over another folder.
    :raises FileExists: if something is there. :raises MissingFolder: if the place is not there or may not be written.
    """
    formats = pick_formats(names)
    if out and len(formats) == 1 and out.suffix == Path(formats[0].file).suffix and not out.is_dir():
        return _write_one(course, out, formats[0], force)
    folder = out or Path(f"slkg-{to_slug(course.title)}")
    old = folder.exists()
    if old and not (force and (folder / COURSE).is_file() and (folder / READ_ME).is_file()):
        hint = "Give another name" + (", or write over the pack with --force." if (folder / COURSE).is_file() else ".")
        raise FileExists(f"{folder} is there already.", hint)
    if not folder.absolute().parent.is_dir():
        raise MissingFolder(f"There is no folder {folder.parent}.", "Make it first, or name another.")
    files, missing = build_pack(course, names)
    try:
        _swap_in(folder, files, old)
    except OSError as error:
        raise MissingFolder(
            f"{folder} cannot be written: {error.strerror}.", "Name a folder that you may write to."
        ) from error
    return Written(tuple(folder / name for name in files), tuple(missing))


def _write_one(course: Course, path: Path, format: Format, force: bool) -> Written:
    if path.exists() and not force:
        raise FileExists(f"{path} is there already.", "Give another name, or write over it with --force.")
    if not path.absolute().parent.is_dir():
        raise MissingFolder(f"There is no folder {path.parent}.", "Make it first, or name another.")
    write_whole(path, format.writer(course))
    return Written((path,))


def _swap_in(folder: Path, files: Mapping[str, bytes], old: bool) -> None:
    """Write all files beside the folder and put them in its place, so that nobody ever sees half of a pack."""
    work = Path(tempfile.mkdtemp(prefix=".kg-", dir=folder.absolute().parent))
    try:
        new, kept = work / "new", work / "old"
        new.mkdir()
        for name, data in files.items():
            (new / name).write_bytes(data)
        if old:
            folder.rename(kept)
        try:
            new.rename(folder)
        except OSError:
            if old:
                kept.rename(folder)
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _read_me(course: Course, files: Mapping[str, bytes], missing: Iterable[str]) -> bytes:
    """What each file is for, how to use it, how far to trust it and whose it is."""
    lines = [
        course.title,
        "=" * len(course.title),
        "",
        f"{about(course)}.",
        "",
        course.texts["draft"],
        *course.trust,
        "",
    ]
    lines += [f"Made from: {' '.join(course.words)}", ""]
    for each in _TABLE:
        if each.file in files:
            lines += [each.file, f"  {each.purpose}", f"  {each.use}"]
    lines += [
        "",
        *(f"Not here: {each}" for each in missing),
        *course.notes,
        "",
        "Credits",
        "-------",
        *course.credits,
        "",
    ]
    return "\n".join(lines).encode()
