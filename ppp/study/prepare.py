"""Prepared data: one partition an organization, rebuilt when anything that it rests on has changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pandas as pd

import ppp
from ppp import measures
from ppp.disclosure import RELEASED, Partition
from ppp.disclosure.partition import ExportNote, Naming, Split
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.framework import PHASES, PLACES, codebook
from ppp.reports.look import Look
from ppp.study.folder import Study
from ppp.study.kept import Kept
from ppp.study.measuring import released_tables
from ppp.study.settings import Named
from ppp.study.slugs import slug

__all__ = ["Prepared", "prepare", "prepared_partition"]


@dataclass(frozen=True)
class Prepared:
    """What `prepare` left in the study's folder ``prepared/``.

    Attributes
    ----------
    partitions
        For each organization with data, its id and the file of its partition.
    without_data
        Organizations of ``study.yaml`` that no export holds.
    was_fresh
        Whether everything was up to date and nothing had to be done.
    """

    partitions: dict[str, Path]
    without_data: list[str]
    was_fresh: bool


def prepare(study: Study, *, progress: Callable[[str], None] = lambda step: None) -> Prepared:
    """Derive the study's prepared data, unless they are up to date.

    Everything is written to a folder of its own and moved into place at the end: a run that is stopped leaves what was
    there before.

    Raises
    ------
    BadInput
        Where the exports, the mapping or the quotes have faults.
    """
    folder = study.path / "prepared"
    before = _manifest(folder)
    if _is_fresh(study, before):
        return _prepared(folder, before, was_fresh=True)
    with study.kept.writing():
        return _prepare(study, folder, progress)


def _prepare(study: Study, folder: Path, progress: Callable[[str], None]) -> Prepared:
    inputs = {_relative(study, path): _state(path) for path in study.input_files()}
    look = study.look()
    progress("reading")
    tables = study.tables()
    progress("coding")
    tables["codes"] = study.codes()
    progress("measuring")
    with_data = set(tables["responses"]["organization"]) | set(tables["activities"]["organization"])
    organizations = [item.id for item in study.settings.organizations]
    manifest = {
        "program": _program(),
        "inputs": inputs,
        "partitions": {name: slug(name) for name in organizations if name in with_data},
        "without_data": [name for name in organizations if name not in with_data],
    }
    try:
        _write(folder, tables, _partitions(study, tables), look, manifest, study.kept)
    except OSError as error:
        raise BadInput(
            Problem(
                f"The prepared data cannot be written ({error.strerror}).",
                file=str(folder),
                mend="Check that the folder can be written to and that there is room on the disk.",
            )
        ) from None
    return _prepared(folder, manifest, was_fresh=False)


def prepared_partition(study: Study, organization: str) -> Path:
    """The file of one organization's partition, prepared first where it is missing or out of date.

    Raises
    ------
    BadInput
        Where the study has no such organization, or no data about it.
    """
    known = [item.id for item in study.settings.organizations]
    if organization not in known:
        raise BadInput(
            Problem(
                f"The study has no organization “{organization}”.",
                file="study.yaml",
                column="organizations",
                mend=did_you_mean(organization, known),
            )
        )
    prepared = prepare(study)
    if organization not in prepared.partitions:
        raise BadInput(
            Problem(
                f"No export holds an answer about “{organization}”.",
                file="study.yaml",
                column="organizations",
                mend="Check its aliases, or that its export is named under exports.",
            )
        )
    return prepared.partitions[organization]


# -- freshness ---------------------------------------------------------------------------------------------------------


def _manifest(folder: Path) -> dict:
    try:
        return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _is_fresh(study: Study, manifest: dict) -> bool:
    if manifest.get("program") != _program():
        return False
    known, present = manifest.get("inputs", {}), study.input_files()
    if list(known) != [_relative(study, path) for path in present]:
        return False
    folder = study.path / "prepared" / "partitions"
    if any(not (folder / f"{name}.json").is_file() for name in manifest["partitions"].values()):
        return False
    for path in present:
        recorded, status = known[_relative(study, path)], path.stat()
        touched = (status.st_size, status.st_mtime_ns) != (recorded["size"], recorded["mtime_ns"])
        # A file that was only touched, or checked out anew, still has its content.
        if touched and _sha256(path) != recorded["sha256"]:
            return False
    return True


def _state(path: Path) -> dict:
    status = path.stat()
    return {"sha256": _sha256(path), "size": status.st_size, "mtime_ns": status.st_mtime_ns}


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _relative(study: Study, path: Path) -> str:
    return path.relative_to(study.path).as_posix()


def _program() -> str:
    """Hash of all code and texts that prepared data rest on."""
    digest = hashlib.sha256(ppp.__version__.encode())
    for room in ("framework", "tables", "surveys", "coding", "measures", "disclosure", "study"):
        for path in sorted(Path(str(files(f"ppp.{room}"))).rglob("*")):
            if path.suffix in (".py", ".yaml", ".npz"):
                digest.update(path.read_bytes())
    for name in ("colours.py", "look.py"):  # what the study's own look is made with
        digest.update(Path(str(files("ppp.reports"))).joinpath(name).read_bytes())
    return digest.hexdigest()


# -- building ----------------------------------------------------------------------------------------------------------


def _partitions(study: Study, tables: dict[str, pd.DataFrame]) -> Iterator[Partition]:
    """One partition after another: no more than one is held at a time."""
    settings = study.settings
    released = released_tables(tables, settings, study.codings(), study.consensus())
    released["quotes"] = _approved(study, tables)
    with_data = set(tables["responses"]["organization"]) | set(tables["activities"]["organization"])
    splits = {name: Split(name, released.pop(name)) for name in RELEASED if name in released}
    platforms = [ExportNote(wave=wave, platform=platform) for wave, platform in study.platforms()]
    groups = {group.id: group for group in settings.groups}
    for item in settings.organizations:
        if item.id not in with_data:
            continue
        partition = Partition(
            study=_naming(study.id, settings.title, settings.languages),
            organization=_naming(item.id, item.name, settings.languages),
            slug=slug(item.id),
            group=_naming(item.group, groups[item.group].name, settings.languages) if item.group else None,
            waves=[_naming(wave.id, wave.label or Named(wave.id), settings.languages) for wave in settings.waves],
            languages=settings.languages,
            threshold=settings.disclosure.threshold,
            by_respondents=settings.activities.reported_by == "respondents",
            sure_from=settings.coding.sure_from,
            contact=settings.report.contact[settings.languages[0]] if settings.report.contact else "",
            codebook_version=codebook().version,
            program_version=ppp.__version__,
            fingerprint="",
            exports=platforms,
            tables={name: split.of(item.id) for name, split in splits.items()},
        )
        shown = hashlib.sha256(json.dumps(partition.model_dump(mode="json")).encode()).hexdigest()[:16]
        yield partition.model_copy(update={"fingerprint": shown})


def _naming(key: str, named: Named, languages: list[str]) -> Naming:
    names = {language: named[language] for language in languages}
    return Naming(id=key, names=names)


def _approved(study: Study, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The approved quotes of activities that stand in a cell: nothing else of a text ever leaves."""
    quotes = study.quotes()
    activities, codes = (
        tables[name][tables[name]["activity_id"].isin(quotes["activity_id"])] for name in ("activities", "codes")
    )
    placed = measures.placements(activities, codes)
    quotes = quotes.merge(placed, on="activity_id").merge(activities[["activity_id", "language"]], on="activity_id")
    quotes = quotes.rename(columns={"phase_began": "phase"})
    return quotes[quotes["place"].isin(PLACES) & quotes["phase"].isin(PHASES)]


# -- writing -----------------------------------------------------------------------------------------------------------


def _write(
    folder: Path,
    tables: dict[str, pd.DataFrame],
    partitions: Iterable[Partition],
    look: Look,
    manifest: dict,
    kept: Kept,
) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".prepared-", dir=folder.parent))
    try:
        (building / "partitions").mkdir()
        for name, table in tables.items():
            table.to_parquet(building / f"{name}.parquet", index=False)
        for partition in partitions:
            text = partition.to_json().encode()
            path, before = building / "partitions" / f"{partition.slug}.json", folder / "partitions"
            path.write_bytes(text)
            # One that is as it was keeps its time too: what was made from it is still up to date.
            with suppress(OSError):
                was = before / path.name
                if was.stat().st_size == len(text) and was.read_bytes() == text:
                    shutil.copystat(was, path)
        (building / "look.json").write_text(look.model_dump_json(indent=1), encoding="utf-8")
        (building / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        os.chmod(building, 0o755)
        kept.move_to(building)
        old = Path(tempfile.mkdtemp(prefix=".prepared-old-", dir=folder.parent))
        if folder.exists():
            os.replace(folder, old / "prepared")
        os.replace(building, folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _prepared(folder: Path, manifest: dict, *, was_fresh: bool) -> Prepared:
    partitions = {key: folder / "partitions" / f"{name}.json" for key, name in manifest["partitions"].items()}
    return Prepared(partitions, manifest["without_data"], was_fresh)
