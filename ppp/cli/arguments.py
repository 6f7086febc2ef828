"""Arguments that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["STUDY"]

STUDY = click.argument("study", type=click.Path(path_type=Path))
