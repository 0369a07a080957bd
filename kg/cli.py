"""The command `kg`: each command is one library call, each error told once. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import click

from . import cli_ask, cli_course, cli_data, cli_gaps, cli_graph, cli_make, cli_serve, cli_store, cli_take
from .cli_group import Doors
from .config import Config
from .errors import KGError


@click.group(cls=Doors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--data", metavar="DIR", help="The YAML data (else KG_DATA, the checkout, the packaged copy).")
@click.option("--ontology", metavar="DIR", help="The ontology (else KG_ONTOLOGY, the checkout, the packaged copy).")
@click.option("--build", metavar="DIR", help="The builds (else KG_BUILD, the checkout, your cache folder).")
@click.version_option(package_name="survivor-leadership-kg", prog_name="kg")
@click.pass_context
def main(ctx: click.Context, data: str | None, ontology: str | None, build: str | None) -> None:
    """From a barrier to what can be done about it, with the reason and the source behind every step.

    Try: kg answers "can't open a bank account because of a conviction"
    """
    try:
        ctx.obj = Config.find(data=data, ontology=ontology, build=build)
    except KGError as error:
        raise click.UsageError(str(error)) from error


for _room in (cli_ask, cli_graph, cli_gaps, cli_data, cli_take, cli_course, cli_make, cli_serve, cli_store):
    for _command in vars(_room).values():
        if isinstance(_command, click.Command):
            main.add_command(_command)

if __name__ == "__main__":
    main()
