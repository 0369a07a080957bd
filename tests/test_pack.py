"""Every file of a pack is read back by a reader that is not ours, and says what the course says."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from pptx import Presentation
from rdflib import Graph, URIRef

from kg import pack, pack_page
from kg.cli import main
from kg.config import Config
from kg.course_results import Course
from kg.errors import FileExists, KGError, MissingFolder, NotInstalled
from kg.pack_cartridge import CP, LINK, LOM, QTI
from kg.queries import KnowledgeGraph

from .gift import read_gift
from .packs import HOSTILE, STORY, TITLE, files_of, parse, words_of

QUICK = [name for name in pack.FORMATS if name != "pdf"]


@pytest.fixture(scope="module")
def course(kg: KnowledgeGraph) -> Course:
    return kg.curriculum(
        ["topic-hiring", "topic-pay", "ap-term-tokenism"], title="Hiring & pay", minutes=120, level="advanced"
    )


@pytest.fixture(scope="module")
def hostile(kg: KnowledgeGraph) -> Course:
    return kg.curriculum(STORY, title=HOSTILE, minutes=60)


@pytest.fixture(scope="module")
def made(course: Course) -> dict[str, bytes]:
    files, missing = pack.build_pack(course)
    assert not missing and set(files) == {pack.READ_ME, *(each.file for each in pack.FORMATS.values())}
    return files


def docx_text(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    parts = [paragraph.text for paragraph in document.paragraphs]
    parts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(parts)


@pytest.mark.parametrize("name", ["handout.docx", "facilitator-guide.docx"])
def test_word_documents_have_structure_language_and_no_foreign_author(
    course: Course, made: dict[str, bytes], name: str
) -> None:
    document = Document(io.BytesIO(made[name]))
    core = document.core_properties
    assert (core.author, core.last_modified_by, core.language) == ("Survivor Leadership Knowledge Graph",) * 2 + ("en",)
    assert core.created.date().isoformat() == course.date and "python" not in f"{core.comments}{core.title}".lower()
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    for unit in course.units:
        assert any(unit.question in heading for heading in headings)
    assert document.paragraphs[0].style.name == "Title"
    for table in document.tables:
        assert table._tbl.findall(".//{*}tblHeader"), "a table without a header row"
    for picture in document.inline_shapes:
        assert picture._inline.docPr.get("descr")
    assert b"PAGE" in files_of(made[name])["word/footer1.xml"]


def test_the_handout_says_all_that_is_read_and_the_guide_all_that_is_led(
    course: Course, made: dict[str, bytes]
) -> None:
    handout, guide = docx_text(made["handout.docx"]), docx_text(made["facilitator-guide.docx"])
    for reading in course.readings:
        assert reading.label in handout and reading.summary in handout and reading.place in handout
        assert all(reason.because in handout for reason in reading.reasons)
        assert reading.label in guide
    for unit in course.units:
        assert unit.note in handout and unit.note in guide and all(ask in handout and ask in guide for ask in unit.ask)
        assert unit.reflect in handout
    for choice in course.choices:
        assert choice.ask in handout and all(option.text in handout for option in choice.options)
        assert f"{choice.right.text} (fits)" in guide
    for text in (*course.credits, *course.trust):
        assert text in handout and text in guide
    assert handout.index("Answers") > handout.index(course.units[-1].question)
    assert all(point in guide for name in ("before", "during", "after") for point in course.lists[name].points)
    assert "Support contacts" in handout


def test_slides_have_titles_notes_words_for_pictures_and_room(course: Course, made: dict[str, bytes]) -> None:
    deck = Presentation(io.BytesIO(made["slides.pptx"]))
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides)
    for slide in deck.slides:
        assert slide.shapes.title is not None and slide.shapes.title.text_frame.text.strip()
        for shape in slide.shapes:
            if shape.shape_type == 13:  # a picture
                assert shape._element.nvPicPr.cNvPr.get("descr")
            elif shape.has_text_frame:
                sizes = [run.font.size.pt for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]
                assert min(sizes, default=18) >= 18
                width, height = shape.width.pt, shape.height.pt
                lines = sum(
                    -(-len(paragraph.text) // max(1, int(width / (sizes[0] * 0.52))))
                    for paragraph in shape.text_frame.paragraphs
                    if sizes
                )
                assert not sizes or lines * sizes[0] * 1.15 <= height * 1.05, shape.text_frame.text[:60]
            assert shape.left >= 0 and shape.left + shape.width <= deck.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= deck.slide_height
    for reading in course.readings:
        assert reading.summary in notes and reading.iri in notes
    shown = "\n".join(shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame)
    assert all(ask in shown for unit in course.units for ask in unit.ask)
    assert all(credit in notes for credit in course.credits)
    assert deck.core_properties.author == "Survivor Leadership Knowledge Graph" == deck.core_properties.last_modified_by


def test_cards_are_notes_of_an_anki_collection_with_stable_names(
    course: Course, made: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "cards.db").write_bytes(files_of(made["cards.apkg"])["collection.anki2"])
    with sqlite3.connect(tmp_path / "cards.db") as base:
        rows = base.execute("SELECT guid, flds, tags FROM notes ORDER BY id").fetchall()
    base.close()
    assert len(rows) == len(course.cards) == len({row[0] for row in rows})
    for (_, fields, tags), card in zip(rows, course.cards, strict=True):
        front, back, source, address = fields.split("\x1f")
        assert card.front.replace("'", "&#x27;") in front.replace("&quot;", '"') and card.sort in tags
        assert address == card.iri and source.startswith(card.place[:20]) and back
    again = made["cards.csv"].decode().splitlines()
    assert again[:4] == ["#separator:Comma", "#html:false", "#columns:Front,Back,Source,Tags", "#tags column:4"]
    listed = list(csv.reader(again[4:]))
    assert [row[0] for row in listed] == [card.front for card in course.cards]
    assert [row[1] for row in listed] == [" ".join(card.lines) for card in course.cards]


def test_the_cartridge_is_what_moodle_and_canvas_take(course: Course, made: dict[str, bytes]) -> None:
    files = files_of(made["course.imscc"])
    manifest = files["imsmanifest.xml"]
    assert f'xmlns="{CP}"'.encode() in manifest[:500] and manifest.index(b"<manifest xmlns=") < 100
    root = parse(manifest)
    names = {"cp": CP, "lom": LOM, "q": QTI}
    assert root.findtext("cp:metadata/cp:schema", namespaces=names) == "IMS Common Cartridge"
    assert root.findtext("cp:metadata/cp:schemaversion", namespaces=names) == "1.1.0"
    assert root.findtext(".//lom:title/lom:string", namespaces=names) == course.title
    assert [child.tag.partition("}")[2] for child in root] == ["metadata", "organizations", "resources"]
    resources = {each.get("identifier"): each for each in root.findall("cp:resources/cp:resource", names)}
    listed = [each.get("href") for resource in resources.values() for each in resource.findall("cp:file", names)]
    assert sorted(listed) == sorted(set(files) - {"imsmanifest.xml"})
    top = root.findall("cp:organizations/cp:organization/cp:item", names)
    assert len(top) == 1 and top[0].find("cp:title", names) is None
    items = top[0].findall(".//cp:item", names)
    assert all(item.findtext("cp:title", namespaces=names) for item in items)
    ids = [each.get("identifier") for each in (*items, *resources.values())]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[A-Za-z_][\w.-]*", name or "") for name in ids)
    assert {each.get("identifierref") for each in items if each.get("identifierref")} == set(resources)
    for resource in resources.values():
        kind, [file] = resource.get("type"), resource.findall("cp:file", names)
        assert (resource.get("href") == file.get("href")) is (kind == "webcontent"), "only pages name their file twice"
        assert kind in ("webcontent", "imsqti_xmlv1p2/imscc_xmlv1p1/assessment", "imswl_xmlv1p1")
    titles = [item.findtext("cp:title", namespaces=names) for item in items]
    assert all(any(unit.question in title for title in titles) for unit in course.units)


def test_its_quizzes_keep_the_rules_of_the_profile(course: Course, made: dict[str, bytes]) -> None:
    files = files_of(made["course.imscc"])
    asked = []
    for name in sorted(name for name in files if name.endswith("quiz.xml")):
        root = parse(files[name])
        q = {"q": QTI}
        assert root.tag == f"{{{QTI}}}questestinterop" and root.find("q:assessment", q).get("title")
        fields = {each.findtext("q:fieldlabel", namespaces=q): each.findtext("q:fieldentry", namespaces=q) for each in root.findall("q:assessment/q:qtimetadata/q:qtimetadatafield", q)}  # fmt: skip
        assert fields["cc_profile"] == "cc.exam.v0p1" and len(root.findall("q:assessment/q:section", q)) == 1
        for item in root.iter(f"{{{QTI}}}item"):
            assert [child.tag.partition("}")[2] for child in item][:3] == [
                "itemmetadata",
                "presentation",
                "resprocessing",
            ]
            assert item.findtext(".//q:fieldentry", namespaces=q) == "cc.multiple_choice.v0p1"
            lid = item.find("q:presentation/q:response_lid", q)
            labels = {each.get("ident"): words_of(each) for each in lid.iter(f"{{{QTI}}}response_label")}
            told = {each.get("ident"): words_of(each) for each in item.findall("q:itemfeedback", q)}
            right, said = [], {}
            for condition in item.findall("q:resprocessing/q:respcondition", q):
                chosen = condition.find("q:conditionvar/q:varequal", q)
                assert (
                    chosen.get("respident") == lid.get("ident")
                    and chosen.text in labels
                    and lid.get("rcardinality") == "Single"
                )
                if condition.findtext("q:setvar", namespaces=q) == "100":
                    right.append(labels[chosen.text])
                said[labels[chosen.text]] = told[condition.find("q:displayfeedback", q).get("linkrefid")]
            assert len(told) == len(labels) == 4
            asked.append((words_of(item.find("q:presentation/q:material", q)), list(labels.values()), right, said))
    assert len(asked) == len(course.choices)
    for (ask, labels, right, said), choice in zip(asked, course.choices, strict=True):
        assert (
            ask == choice.ask and labels == [option.text for option in choice.options] and right == [choice.right.text]
        )
        assert said == {option.text: option.told for option in choice.options}
    for name in (name for name in files if name.startswith("links/")):
        link = parse(files[name])
        assert link.tag == f"{{{LINK}}}webLink" and [child.tag.partition("}")[2] for child in link] == ["title", "url"]
        assert link[1].get("href").startswith("https://")


def test_moodle_files_hold_every_word_and_question(course: Course, made: dict[str, bytes]) -> None:
    entries = parse(made["glossary.xml"]).findall("INFO/ENTRIES/ENTRY")
    assert [entry.findtext("CONCEPT") for entry in entries] == [term.label for term in course.glossary]
    assert all(entry.findtext("FORMAT") == "1" and entry.findtext("DEFINITION") for entry in entries)
    assert parse(made["glossary.xml"]).findtext("INFO/NAME") == course.title and parse(made["glossary.xml"]).findtext(
        "INFO/INTRO"
    )
    bank = read_gift(made["questions.gift"].decode())
    choices = {choice.id: choice for choice in course.choices}
    assert [each["id"] for each in bank if each["id"] in choices] == list(choices)
    for each in bank:
        if choice := choices.get(each["id"]):
            assert each["ask"] == choice.ask
            assert each["answers"] == [
                (option.right, option.text, " ".join(option.told.split())) for option in choice.options
            ]
    assert len(bank) == len(choices) + sum(unit.matching is not None for unit in course.units)


def test_the_graph_of_a_pack_is_what_is_taught(course: Course, made: dict[str, bytes]) -> None:
    graph = Graph().parse(data=made["graph.ttl"], format="turtle")
    for reading in course.readings:
        assert (URIRef(reading.iri), None, None) in graph
    nodes = {
        each.get("id") for each in parse(made["graph.graphml"]).iter("{http://graphml.graphdrawing.org/xmlns}node")
    }
    assert nodes == {item.id for item in course.part.items}
    assert json.loads(made["course.json"])["title"] == course.title


def test_the_printed_handout_is_tagged_and_says_its_language(course: Course, made: dict[str, bytes]) -> None:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(made["handout.pdf"]))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en" and root["/StructTreeRoot"]["/K"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata is not None and reader.metadata.title == course.title
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for reading in course.readings:
        assert reading.label[:30] in text


def test_hostile_titles_go_through_every_format(hostile: Course) -> None:
    made, _ = pack.build_pack(hostile, QUICK)
    title = hostile.title
    assert "\u202e" not in title and "<script>" in title
    assert docx_text(made["handout.docx"]).startswith(title)
    assert Presentation(io.BytesIO(made["slides.pptx"])).slides[0].shapes.title.text_frame.text == title
    manifest = parse(files_of(made["course.imscc"])["imsmanifest.xml"])
    assert any(each.text == title for each in manifest.iter(f"{{{LOM}}}string"))
    assert parse(made["glossary.xml"]).findtext("INFO/NAME") == title
    page = made["course.html"].decode()
    assert page.count("<script") == 2 and "<script>alert" not in page
    assert read_gift(made["questions.gift"].decode())[0]["answers"]
    assert Graph().parse(data=made["graph.ttl"], format="turtle")
    for name, data in files_of(made["course.imscc"]).items():
        assert b"<script" not in data, name


def test_the_same_course_gives_the_same_bytes_in_another_process(real_build: Config) -> None:
    code = (
        "import hashlib, sys\nfrom kg import KnowledgeGraph\nfrom kg.pack import build_pack\n"
        "with KnowledgeGraph.open() as kg:\n"
        f"    course = kg.curriculum({list(STORY)!r}, title={TITLE!r}, minutes=60)\n"
        "files, _ = build_pack(course)\n"
        "print(*(f'{name}:{hashlib.sha256(data).hexdigest()}' for name, data in files.items()))"
    )
    root = Path(__file__).resolve().parent.parent
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "KG_BUILD": str(real_build.build), "PYTHONHASHSEED": seed, "TZ": zone},
        )
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]  # fmt: skip
    first, second = (set(run.communicate()[0].split()) for run in runs)
    assert len(first) == len(pack.FORMATS) + 1 and first == second, sorted(first ^ second)


def test_a_pack_is_whole_or_not_there(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "pack"
    written = pack.write_pack(course, out, ["quiz", "cards"])
    names = sorted(path.name for path in out.iterdir())
    assert (
        names
        == ["README.txt", "cards.csv", "course.json", "questions.gift"]
        == sorted(path.name for path in written.files)
    )
    read_me = (out / "README.txt").read_text(encoding="utf-8")
    assert all(text in read_me for text in (course.title, *course.credits, *course.trust, "GIFT"))
    with pytest.raises(FileExists, match="is there already"):
        pack.write_pack(course, out, ["quiz"])
    pack.write_pack(course, out, ["glossary"], force=True)
    assert sorted(path.name for path in out.iterdir()) == ["README.txt", "course.json", "glossary.xml"]

    def fail(*_: object) -> None:
        raise KGError("no")

    with monkeypatch.context() as patch:
        patch.setattr(pack, "_read_me", fail)
        with pytest.raises(KGError):
            pack.write_pack(course, out, ["quiz"], force=True)
        with pytest.raises(KGError):
            pack.write_pack(course, tmp_path / "new", ["quiz"])
    assert sorted(path.name for path in out.iterdir()) == ["README.txt", "course.json", "glossary.xml"]
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]


def test_no_other_folder_is_ever_written_over(course: Course, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("keep me")
    with pytest.raises(FileExists):
        pack.write_pack(course, mine, ["quiz"], force=True)
    assert (mine / "letter.txt").read_text() == "keep me" and len(list(mine.iterdir())) == 1
    with pytest.raises(MissingFolder):
        pack.write_pack(course, tmp_path / "no" / "where", ["quiz"])
    with pytest.raises(MissingFolder):
        pack.write_pack(course, tmp_path / "no" / "quiz.gift", ["quiz"])


def test_a_folder_that_may_not_be_written_says_so(course: Course) -> None:
    with pytest.raises(MissingFolder, match="cannot be written"):
        pack.write_pack(course, Path("/proc/pack"), ["quiz"])
    assert not Path("/proc/pack").exists()


def test_one_format_goes_into_a_file(course: Course, tmp_path: Path) -> None:
    file = tmp_path / "mine.gift"
    assert pack.write_pack(course, file, ["quiz"]).files == (file,) and read_gift(file.read_text(encoding="utf-8"))
    with pytest.raises(FileExists):
        pack.write_pack(course, file, ["quiz"])
    assert pack.write_pack(course, file, ["quiz"], force=True).files == (file,)


def test_without_weasyprint_a_pack_has_no_pdf_and_says_why(
    course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pack_page, "find_spec", lambda name: None)
    with pytest.raises(NotInstalled, match=r"WeasyPrint"):
        pack.to_file(course, "pdf")
    quick = dict.fromkeys(["pdf", "quiz"])
    monkeypatch.setattr(pack, "GROUPS", {**pack.GROUPS, "all": tuple(quick)})
    written = pack.write_pack(course, tmp_path / "pack")
    assert len(written.missing) == 1 and "handout.pdf" in (tmp_path / "pack" / "README.txt").read_text(encoding="utf-8")


def test_the_command_makes_a_pack_and_tells_every_fault_once(
    real_build: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_BUILD", str(real_build.build))
    out = tmp_path / "pack"
    args = ["curriculum", *STORY, "--title", TITLE, "--minutes", "60", "--format", "quiz,cards", "--out", str(out)]
    done = CliRunner().invoke(main, args)
    assert done.exit_code == 0 and f"Written: {out / 'questions.gift'}" in done.output, done.output
    again = CliRunner().invoke(main, args)
    assert again.exit_code != 0 and "is there already" in again.output and "--force" in again.output
    assert CliRunner().invoke(main, [*args, "--force"]).exit_code == 0
    told = CliRunner().invoke(main, ["curriculum", *STORY, "--minutes", "60", "--json"])
    assert json.loads(told.stdout)["minutes"] == 60
    for wrong in (["--format", "word"], ["--level", "expert"], ["--minutes", "5"]):
        done = CliRunner().invoke(main, ["curriculum", *STORY, "--out", str(tmp_path / "other"), *wrong])
        assert done.exit_code == 1 and "kg: " in done.output and not (tmp_path / "other").exists()
