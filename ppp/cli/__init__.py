"""``ppp …``: one thin command a verb.

Exit codes: 0 all went well, 1 some reports failed, 2 the input has faults (each told with its place and its mend).
"""

from __future__ import annotations

import click

import ppp
from ppp.cli import coding, exchange, mapping, measures, publish, reports, studies, suggest, surveys
from ppp.errors import BadInput

__all__ = ["main"]


class _Commands(click.Group):
    """Turns bad input into a plain message and exit code 2, for every command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order of the work, not of the alphabet

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BadInput as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            ctx.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(ppp.__version__, prog_name="ppp")
def main() -> None:
    """Patient–Professional Partnership workbook.

    Survey exports in, one board report for each organization out.

    \b
    Try it:
      ppp report data/demo            every report of the demo study
    Your own study:
      ppp new my_study                make its folder
      ppp check my_study              say what is wrong with it
      ppp report my_study             make its reports
    """


# In the order of the work: so `ppp --help` lists them.
for command in (
    surveys.inspect,
    studies.new,
    mapping.instrument,
    mapping.map_,
    studies.aliases,
    studies.check,
    suggest.suggest,
    coding.code,
    coding.agree,
    exchange.exchange,
    studies.prepare,
    measures.measures,
    reports.report,
    publish.publish,
):
    main.add_command(command)
