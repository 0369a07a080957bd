"""Commands that take a part of the graph away: export. Each is one library call."""

from __future__ import annotations

from pathlib import Path

import click

from .cli_group import FOLDER, names, open_graph
from .config import Config
from .errors import BadUse

ALL = "all"


@click.command()
@click.argument("words", nargs=-1, metavar="WORDS...")
@names("--format", "One or several of those that --formats lists, as graphml or csv,svg; or all.")
@click.option("--out", type=FOLDER, metavar="FILE|DIR", help="Where to write it (else this folder); - prints a text.")
@click.option("--depth", default=0, show_default=True, help="With what so many links lead to.")
@names("--only", "Only these kinds, relations, sources, and what is at least so strong, firm and agreed.")
@click.option("--no-context", is_flag=True, help="Without what the items stand under and the topics they are about.")
@click.option("--no-records", is_flag=True, help="Links without reason, strength, basis and state.")
@click.option("--title", default="", help="What people shall call it.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
@click.option("--formats", is_flag=True, help="List the formats and what each is for.")
@click.pass_obj
def export(
    config: Config,
    words: tuple[str, ...],
    format: tuple[str, ...],
    out: Path | None,
    depth: int,
    only: tuple[str, ...],
    no_context: bool,
    no_records: bool,
    title: str,
    force: bool,
    formats: bool,
) -> None:
    """Take a part of the graph away, in the formats of researchers, with licence and credit inside.

    WORDS name what is taken: a barrier or harm with what addresses it, a theme with what stands under it, a topic with what is about it;
    item:ID for one item alone; a kind, a source, a community, or everything; audience:NAME, search:WORDS, path:ID..ID.

    Try: kg export ap-barrier-2.6 --format graphml
    """
    from .export import FORMATS, get_format, to_bytes, write_exports

    if formats:
        width = max(map(len, FORMATS))
        for each in FORMATS.values():
            click.echo(f"{each.name:{width}}  .{each.suffix:18} {each.purpose}")
        return
    chosen = tuple(FORMATS) if format == (ALL,) else format
    if not chosen:
        raise BadUse("No format is given.", "Try: --format graphml, or see: kg export --formats")
    for name in chosen:
        get_format(name)
    with open_graph(config) as kg:
        part = kg.subgraph(words, depth=depth, only=only, context=not no_context, title=title)
        if out != Path("-"):
            for file in write_exports(part, chosen, out, records=not no_records, force=force):
                click.echo(f"Written: {file}")
        elif len(chosen) == 1 and FORMATS[chosen[0]].text:
            click.echo(to_bytes(part, chosen[0], records=not no_records), nl=False)
        else:
            raise BadUse(f"{', '.join(chosen)} cannot be printed.", "Name a file or a folder with --out.")
