"""The command that makes a learning pack for trainers. One library call for the course, one for its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .choices import LEVELS
from .cli_group import FOLDER, as_json, names, open_graph, print_result
from .config import Config


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--title", default="", help="What the course is called (else after the selection).")
@click.option("--minutes", default=90, show_default=True, help="How long it takes, from 30 to 480.")
@click.option("--level", default="practitioner", show_default=True, help=f"One of {', '.join(LEVELS)}.")
@click.option(
    "--audience", default="", help="Whom it is for, as organizations or funders; what speaks to them comes first."
)
@click.option("--depth", default=0, show_default=True, help="How many links further the selection reaches.")
@names("--only", "Only these kinds, sources and relations, as action,barrier.")
@click.option(
    "--out",
    type=FOLDER,
    metavar="DIR-OR-FILE",
    help="A new folder, or a file for one format (else a folder after the title).",
)
@names(
    "--format",
    "Which files (else all): docx, guide, handout, pdf, slides, page, cartridge, glossary, quiz, anki, cards, turtle, graphml, json.",
)
@click.option("--force", is_flag=True, help="Write over a pack or file that is there.")
@as_json
@click.pass_obj
def curriculum(
    config: Config,
    /,
    words: tuple[str, ...],
    out: Path | None,
    format: tuple[str, ...],
    force: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Make a learning pack of a part of the graph: handout, facilitator's guide, slides, cards, a cartridge for Moodle and Canvas.

    WORDS select as in kg export: ids, topics, kinds, search:WORDS, audience:NAME. With --json the course is printed, nothing written.

    \b
    Try: kg curriculum topic-storytelling search:consent --title "Storytelling and consent" --minutes 120
    """
    with open_graph(config) as kg:
        course = kg.curriculum(words, **options)
        if as_json:
            print_result(course, as_json)
            return
        from .pack import write_pack

        written = write_pack(course, out, format or ("all",), force=force)
    for line in (*written.missing, *course.notes):
        click.echo(f"Note: {line}")
    click.echo("\n".join(f"Written: {file}" for file in written.files))
