"""Tidy tables of each export, kept from one preparation to the next: what has not changed is not read again."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pandas as pd

from ppp.study.settings import Export, StudySettings
from ppp.surveys import Tidy
from ppp.tables import ACTIVITIES, RATINGS, RESPONSES

__all__ = ["Kept", "Part"]

_TABLES = {table.name: table for table in (RESPONSES, ACTIVITIES, RATINGS)}
# Settings that do not bear on how an export is read.
_BESIDE = {
    "format",
    "title",
    "languages",
    "waves",
    "groups",
    "exports",
    "mappings",
    "disclosure",
    "activities",
    "coding",
}
_BESIDE |= {"coders", "report", "respondents"}


@dataclass(frozen=True)
class Part:
    """One export: its name and platform, its tidy tables, what was noted while reading, and what `ppp check` tells."""

    name: str
    platform: str
    tidy: Tidy
    notes: tuple[str, ...]
    facts: dict


class Kept:
    """The folder ``prepared/kept`` of a study.

    A part is found by a hash of all that it rests on: the export's bytes and its dictionary's, its settings and
    mapping, the spellings of organizations and all other settings that could bear on it, and the program's reading
    rooms. Anything else that changes leaves it as it is.

    Parameters
    ----------
    study
        The study's folder.
    settings
        Its settings.
    """

    def __init__(self, study: Path, settings: StudySettings) -> None:
        self.folder = study / "prepared" / "kept"
        self._making: Path | None = None
        self.used: set[str] = set()
        self.read_anew: list[str] = []
        self._study = study
        self._settings = settings

    def key(self, export: Export) -> str:
        """The hash of all that the export's tidy tables rest on."""
        settings = self._settings.model_dump(mode="json")
        mapping = settings["mappings"].get(export.mapping) if isinstance(export.mapping, str) else None
        rests_on = {
            "export": export.model_dump(mode="json"),
            "mapping": mapping,
            "settings": {name: value for name, value in settings.items() if name not in _BESIDE},
            "program": _reading_rooms(),
        }
        digest = hashlib.sha256(json.dumps(rests_on, sort_keys=True, ensure_ascii=False).encode())
        for file in filter(None, (export.file, export.dictionary, *export.parts)):
            with open(self._study / "exports" / file, "rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
        return digest.hexdigest()[:24]

    def find(self, key: str) -> Part | None:
        """The part under that key, or None."""
        try:
            about = json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
            tables = {name: pd.read_parquet(self.folder / f"{key}.{name}.parquet") for name in _TABLES}
        except (OSError, ValueError):
            return None
        self.used.add(key)
        tidy = Tidy(**{name: _TABLES[name].conform(table) for name, table in tables.items()})
        return Part(about["name"], about["platform"], tidy, tuple(about["notes"]), about["facts"])

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Within this, parts that are read are kept, once `move_to` is called: until then nothing of it is seen."""
        with ExitStack() as stack:
            # A study that cannot be written to is told of when the prepared data are; reading it goes on.
            with suppress(OSError):
                made = stack.enter_context(tempfile.TemporaryDirectory(prefix=".keeping-", dir=self._study))
                self._making = Path(made)
            try:
                yield
            finally:
                self._making = None

    def keep(self, key: str, part: Part) -> None:
        """Keep a part that was read."""
        self.read_anew.append(part.name)
        self.used.add(key)
        if self._making is None:
            return
        for name in _TABLES:
            getattr(part.tidy, name).to_parquet(self._making / f"{key}.{name}.parquet", index=False)
        about = {"name": part.name, "platform": part.platform, "notes": part.notes, "facts": part.facts}
        (self._making / f"{key}.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")

    def move_to(self, folder: Path) -> None:
        """Move the parts that were used to a new ``prepared`` folder; the others go with the old one."""
        (folder / "kept").mkdir(exist_ok=True)
        for key in sorted(self.used):
            for source in filter(None, (self.folder, self._making)):
                for path in source.glob(f"{key}.*"):
                    os.replace(path, folder / "kept" / path.name)


def _reading_rooms() -> str:
    digest = hashlib.sha256()
    for room in ("surveys", "tables", "framework"):
        for path in sorted(Path(str(files(f"ppp.{room}"))).rglob("*")):
            if path.suffix in (".py", ".yaml"):
                digest.update(path.read_bytes())
    for name in ("folder.py", "kept.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()
