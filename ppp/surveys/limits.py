"""How much a file may hold. What goes beyond is refused before it is parsed; ``limits:`` in study.yaml raises them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Limits", "raise_it"]


class Limits(BaseModel):
    """The limits, with room for any survey that we have seen or heard of.

    Parameters
    ----------
    megabytes
        A file, as it is or unpacked from a .gz or .zip.
    unpacked_megabytes
        All parts of a spreadsheet together, unpacked.
    times_packed
        How many times larger a packed part may be unpacked; text rarely packs better than a hundred to one.
    columns
        Columns of a table.
    cells
        Cells of a spreadsheet's sheet, empty ones among them counted.
    letters
        Letters in one cell.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    megabytes: int = Field(default=2_000, ge=1)
    unpacked_megabytes: int = Field(default=600, ge=1)
    times_packed: int = Field(default=250, ge=1)
    columns: int = Field(default=20_000, ge=1)
    cells: int = Field(default=20_000_000, ge=1)
    letters: int = Field(default=10_000_000, ge=1)

    def allow(self, packed: int, unpacked: int) -> bool:
        """Whether a packed part may be that large unpacked; the first twenty megabytes always may."""
        return unpacked <= max(20_000_000, self.times_packed * packed)


def raise_it(limit: str) -> str:
    """The mend where a file is right, and the limit too low for it."""
    return f"If the file is right, raise the limit in study.yaml: `limits: {{{limit}: …}}`."
