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
from ppp.coding.compare import agreement_table
from ppp.disclosure import RELEASED, Partition
from ppp.disclosure.network import FEWEST, Network, network
from ppp.disclosure.partition import Advice, CodingAgreement, ExportNote, Naming, Split, Step
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.framework import PHASES, PLACES, codebook
from ppp.reports.look import Look
from ppp.study.folder import Study
from ppp.study.kept import Kept
from ppp.study.measuring import released_tables
from ppp.study.settings import Advice as AdviceGiven
from ppp.study.settings import Named, NextStep
from ppp.study.slugs import slug

__all__ = ["Prepared", "prepare", "prepared_network", "prepared_partition"]


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
    network
        The file of the tables across all organizations; None where too few have data.
    """

    partitions: dict[str, Path]
    without_data: list[str]
    was_fresh: bool
    network: Path | None = None


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
        "has_network": len(with_data & set(organizations)) >= FEWEST,
    }
    released = released_tables(tables, study.settings, study.codings(), study.consensus())
    across = _network(study, released) if manifest["has_network"] else None
    try:
        _write(folder, tables, _partitions(study, tables, released), look, across, manifest, study.kept)
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


def prepared_network(study: Study) -> Path:
    """The file of the tables across all organizations, prepared first where it is missing or out of date.

    Raises
    ------
    BadInput
        Where too few organizations hold data.
    """
    prepared = prepare(study)
    if prepared.network is None:
        raise BadInput(
            Problem(
                f"A report across organizations needs data about {FEWEST} of them.",
                file="study.yaml",
                column="organizations",
                mend="Make the organizations’ own reports: `ppp report --no-network`.",
            )
        )
    return prepared.network


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
    if manifest["has_network"] and not (folder.parent / "network.json").is_file():
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


def _network(study: Study, released: dict[str, pd.DataFrame]) -> Network:
    """What may be said across all organizations."""
    settings = study.settings
    groups = {item.id: item.group for item in settings.organizations if item.group}
    found = network(released, groups=groups, threshold=settings.disclosure.threshold)
    own = set(found["cells"]["scope"])
    known = {*released["coverage"]["organization"], *released["response_counts"]["organization"]}
    made = Network(
        study=_naming(study.id, settings.title, settings.languages),
        groups=[_naming(group.id, group.name, settings.languages) for group in settings.groups if group.id in own],
        waves=[_naming(wave.id, wave.label or Named(wave.id), settings.languages) for wave in settings.waves],
        languages=settings.languages,
        organizations_n=len(known),
        threshold=settings.disclosure.threshold,
        by_respondents=settings.activities.reported_by == "respondents",
        codebook_version=codebook().version,
        program_version=ppp.__version__,
        tables={
            name: table.astype(object).where(table.notna(), None).to_dict("records") for name, table in found.items()
        },
    )
    return made.model_copy(update={"fingerprint": hashlib.sha256(made.to_json().encode()).hexdigest()[:16]})


def _partitions(
    study: Study, tables: dict[str, pd.DataFrame], released: dict[str, pd.DataFrame]
) -> Iterator[Partition]:
    """One partition after another: no more than one is held at a time."""
    settings = study.settings
    released["quotes"] = _approved(study, tables)
    with_data = set(tables["responses"]["organization"]) | set(tables["activities"]["organization"])
    splits = {name: Split(name, released.pop(name)) for name in RELEASED if name in released}
    platforms = [ExportNote(wave=wave, platform=platform) for wave, platform in study.platforms()]
    groups = {group.id: group for group in settings.groups}
    agreement = _agreement(study)
    steps, advice = _by_organization(settings.next_steps), _by_organization(settings.advice)
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
            agreement=agreement,
            agreement_bar=settings.coding.agreement_bar,
            steps=[_step(one, settings.languages) for one in steps.get(item.id, ())],
            advice=[_advice(one, settings.languages) for one in advice.get(item.id, ())],
            tables={name: split.of(item.id) for name, split in splits.items()},
        )
        shown = hashlib.sha256(json.dumps(partition.model_dump(mode="json")).encode()).hexdigest()[:16]
        yield partition.model_copy(update={"fingerprint": shown})


def _naming(key: str, named: Named, languages: list[str]) -> Naming:
    names = {language: named[language] for language in languages}
    return Naming(id=key, names=names)


def _by_organization(given: Iterable[NextStep | AdviceGiven]) -> dict[str, list]:
    found: dict[str, list] = {}
    for one in given:
        found.setdefault(one.organization, []).append(one)
    return found


def _step(one: NextStep, languages: list[str]) -> Step:
    return Step(
        wave=one.wave,
        place=one.place,
        phase=one.phase,
        factor=one.factor,
        step=_naming("step", one.step, languages),
        by=one.by,
        status=one.status,
        came_of_it=_naming("came_of_it", one.came_of_it, languages) if one.came_of_it else None,
    )


def _advice(one: AdviceGiven, languages: list[str]) -> Advice:
    question, answer = (_naming(name, getattr(one, name), languages) for name in ("question", "answer"))
    return Advice(wave=one.wave, question=question, answer=answer)


_ENOUGH_UNITS = 30  # activities coded by two, where individuals told of them: fewer could be counted back


def _agreement(study: Study) -> list[CodingAgreement]:
    """Krippendorff's alpha of each dimension, before settling; only of those where it is defined."""
    codings = study.codings()
    if codings.empty:
        return []
    table = agreement_table(codings, consensus=study.consensus(), by_code=False, resamples=1000)
    least = _ENOUGH_UNITS if study.settings.activities.reported_by == "respondents" else 2
    found = []
    for row in table[table["coefficient"] == "alpha"].itertuples():
        if not pd.isna(row.value) and not pd.isna(row.low) and row.units >= least:
            numbers = {name: round(float(getattr(row, name)), 2) for name in ("low", "high")}
            units = int(row.units) if least == 2 else int(row.units) // 10 * 10
            found.append(CodingAgreement(dimension=row.dimension, alpha=round(row.value, 2), units=units, **numbers))
    return found


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
    across: Network | None,
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
        if across is not None:
            (building / "network.json").write_text(across.to_json(), encoding="utf-8")
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
    across = folder / "network.json" if manifest["has_network"] else None
    return Prepared(partitions, manifest["without_data"], was_fresh, across)
