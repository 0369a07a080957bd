"""The command that puts a build into a store of triples. One library call."""

from __future__ import annotations

import click

from .cli_group import as_json, print_result
from .config import Config


@click.command()
@click.option("--dry-run", is_flag=True, help="Look at the store and say what would be done.")
@click.option(
    "--seconds", default=600.0, show_default=True, type=click.FloatRange(1, 86_400), help="At most so long to send it."
)
@as_json
@click.pass_obj
def publish(config: Config, dry_run: bool, seconds: float, as_json: bool) -> None:
    """Put the build into the store of triples that KG_SPARQL and KG_SPARQL_GSP name: a new graph, read back, then put in use.

    What was in use stays so until the new graph is there, whole. Exit 0 if it is in use, 1 if the store fails, 2 if none is set, 3 if
    another process publishes. See docs/scaling.md.

    Try: kg publish --dry-run
    """
    from .folders import open_build
    from .store_publishing import publish_build

    done = publish_build(open_build(config.build), config.store, dry_run=dry_run, seconds=seconds)
    if as_json:
        print_result(done, True)
        return
    would = "would be " if dry_run else ""
    click.echo(f"{done.graph}: {done.triples} triples, {done.size / 1e6:.1f} MB")
    click.echo(f"{would}sent" if done.sent else "there already, whole")
    if not dry_run:
        click.echo(f"read back: {done.compared} triples, each as it was sent")
    click.echo(f"{would}in use" + (f" in place of {done.before}" if done.before not in ("", done.graph) else ""))
    for graph in done.removed:
        click.echo(f"{would}removed: {graph}")
    for graph in done.left:
        click.echo(f"could not be removed: {graph}")
