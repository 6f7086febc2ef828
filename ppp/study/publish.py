"""Putting reports where others see them: pages and index alone, each looked at once more before it leaves."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from ppp.disclosure import Partition, told_too_much
from ppp.disclosure.network import Network
from ppp.errors import BadInput, Problem
from ppp.reports.freshness import Manifest, sha256
from ppp.reports.selfcontained import faults, words
from ppp.study.folder import Study
from ppp.study.round import alone, plan, reports_folder, write_index
from ppp.surveys.privacy import mask

__all__ = ["Published", "publish"]

_LONGEST, _SHORTEST = 6, 3  # words in a row that tell one text from others
_PLAINLY = {
    "email": "an e-mail address",
    "phone": "a telephone number",
    "personal_number": "a personal number",
}


@dataclass
class Published:
    """What was published and what was not.

    Attributes
    ----------
    pages
        File names that lie at the destination now, the index last.
    refused
        File name to the reason why it was left out.
    others
        Pages that lay at the destination before and are none of these.
    """

    pages: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)


def publish(
    study: Study, destination: str, *, output: Path | None = None, progress: Callable[[str], None] = lambda step: None
) -> Published:
    """Put the study's index and reports in a folder: HTML alone, no notebook, no data, no manifest.

    A page is left out, with the reason, where it is not just what `ppp report` made, where the study has changed since,
    where it is not self-contained, or where it holds a free-text answer, an id of a respondent, an address, a telephone
    or personal number, a folder of this machine, or was made from data that hold a withheld number. Pages are put in
    place whole, one by one, and the index last; it names what was published and nothing else. Where every page is left
    out, nothing is put there.

    Parameters
    ----------
    destination
        A folder, or a URL that fsspec knows.
    output
        The folder of the reports; see `reports_folder`.

    Raises
    ------
    BadInput
        Where no report was made yet, or the destination cannot be written to. What was there stays as it was.
    """
    folder = output or reports_folder(study)
    if not any(folder.glob("[!.]*.html")):
        raise BadInput(
            Problem("No report has been made yet.", file=str(folder), mend=f"Make them: `ppp report {study.path}`.")
        )
    with alone(folder), tempfile.TemporaryDirectory(prefix="ppp-") as staged:
        result = Published()
        candidates = sorted(path for path in folder.glob("[!.]*.html") if not re.match(r"index(\.|$)", path.name))
        progress("checking what the reports rest on")
        partitions, reasons = _up_to_date(study, folder, candidates)
        result.refused |= reasons
        progress("checking pages")
        checked = {path: path.read_text(encoding="utf-8") for path in candidates if path.name in partitions}
        result.refused |= _faults(study, checked, partitions)
        for path in checked:
            if path.name not in result.refused:
                (Path(staged) / path.name).write_bytes(path.read_bytes())
                result.pages.append(path.name)
        if not result.pages:
            return result  # an index of nothing would only take the place of one that somebody reads
        write_index(plan(study, output=folder), Path(staged))
        indexes = sorted(path.name for path in Path(staged).glob("index*.html"))
        for name in indexes:
            wrong = faults((Path(staged) / name).read_text(encoding="utf-8"))
            if wrong:
                raise BadInput(Problem(f"The index is not self-contained: {', '.join(wrong)}.", file=name))
        result.pages += indexes
        progress("publishing")
        _put(Path(staged), result, destination)
    return result


def _up_to_date(study: Study, folder: Path, pages: list[Path]) -> tuple[dict[str, Path], dict[str, str]]:
    """For each page that is what the study makes today its partition's file; for the others the reason."""
    languages = sorted({path.name.split(".")[-2] for path in pages} & _known_languages(study))
    fresh: dict[str, Path] = {}
    for wave in ("", *(wave.id for wave in study.settings.waves)):
        planned = plan(study, languages=languages or None, wave=wave, output=folder)
        fresh |= {job.page.name: job.partition for job in planned.fresh}
    made = Manifest(folder / "manifest.jsonl").made()
    reasons = {}
    for path in pages:
        if path.name not in fresh:
            if path.name not in made:
                reasons[path.name] = "`ppp report` did not make it"
            elif made[path.name] != sha256(path):
                reasons[path.name] = "it has been changed since it was made"
            else:
                reasons[path.name] = "it is not up to date: run `ppp report` first"
    return fresh, reasons


def _known_languages(study: Study) -> set[str]:
    from ppp.language.catalogue import LOCALES

    return {*study.settings.languages, "en", *(path.name for path in LOCALES.iterdir() if path.is_dir())}


# -- what a page may not hold ------------------------------------------------------------------------------------------


def _faults(study: Study, pages: dict[Path, str], partitions: dict[str, Path]) -> dict[str, str]:
    said = {path.name: words(html) for path, html in pages.items()}
    # The longest first: a name inside a contact, taken out before it, would leave the rest of the contact unknown.
    own = sorted(set(_strings(study.settings.model_dump(mode="json"))), key=len, reverse=True)
    # Markdown between the words of an introduction is gone in a page; an address in it is as it was.
    own += sorted({address for text in own for address in re.findall(r"[\w.+-]+@[\w.-]*\w", text)})
    places = _places(study)
    ids = {one for one in study.responses()["response_id"] if len(one) > 5 and not one.isdigit()}
    found: dict[str, list[str]] = {path.name: faults(html) for path, html in pages.items()}
    for path, html in pages.items():
        name, text = path.name, said[path.name]
        data = _read(partitions[name])
        told = told_too_much(data)
        if told:
            found[name].append(f"numbers in its data that are withheld ({', '.join(told)})")
        # Among its letters a fingerprint may hold ten digits in a row, and they may look like anything.
        for public in filter(None, (data.fingerprint, *own)):
            text = text.replace(public, " ")
        found[name] += [_PLAINLY[kind] for kind in mask(text)[1] if kind in _PLAINLY]
        if ids & set(text.split()):
            found[name].append("an id of a respondent")
        if any(place in html for place in places):
            found[name].append("a folder of this machine")
    for name in _with_answers(study, said, partitions, own):
        found[name].append("words from a free-text answer that nobody has approved")
    return {name: f"it is not fit to leave: {', '.join(what)}" for name, what in found.items() if what}


def _with_answers(study: Study, said: dict[str, str], partitions: dict[str, Path], own: list[str]) -> set[str]:
    """The pages that hold some words in a row of a free text, unless these are our own, or an approved quote."""
    public = set()
    for text in (*_our_texts(), *own):
        public |= set(_runs(text))
    held: dict[str, set[str]] = {}
    for name, text in said.items():
        approved = set()
        partition = _read(partitions[name])
        for quote in partition.table("quotes")["quote"] if isinstance(partition, Partition) else ():
            approved |= set(_runs(quote))
        for run in set(_runs(text)) - public - approved:
            held.setdefault(run, set()).add(name)
    activities = study.activities()
    leaking: set[str] = set()
    for column in ("title", "description"):
        for text in activities[column].dropna():
            told = re.findall(r"\w+", text.casefold())
            length = min(_LONGEST, len(told))
            if length < _SHORTEST or len(text) < 20:
                continue  # too short to tell it from what anybody would say
            for at in range(len(told) - length + 1):
                leaking |= held.get(" ".join(told[at : at + length]), set())
    return leaking


def _read(path: Path) -> Partition | Network:
    """What a page rests on: an organization's partition, or the network's."""
    return Network.read(path) if path.name == "network.json" else Partition.read(path)


def _runs(text: str) -> Iterator[str]:
    told = re.findall(r"\w+", text.casefold())
    for length in range(_SHORTEST, _LONGEST + 1):
        for at in range(len(told) - length + 1):
            yield " ".join(told[at : at + length])


def _our_texts() -> Iterator[str]:
    """The program's own texts: the framework's, the catalogue's and the templates'."""
    for package in ("ppp.framework", "ppp.language", "ppp.reports"):
        for path in sorted(Path(str(files(package))).rglob("*")):
            if path.suffix in (".yaml", ".j2"):
                yield re.sub(r"<[^>]*>", " ", path.read_text(encoding="utf-8"))
            elif path.suffix == ".po":
                yield path.read_text(encoding="utf-8").replace('"\n"', "")


def _strings(value: object) -> Iterator[str]:
    """Every text of the study's settings: what its people wrote for reports is theirs to publish."""
    if isinstance(value, str):
        if len(value) > 5:
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _places(study: Study) -> set[str]:
    places = {study.path.resolve(), Path.cwd(), Path.home(), Path(tempfile.gettempdir())}
    return {text for place in places for text in (str(place), place.as_posix()) if len(text) > 3}


# -- putting it there --------------------------------------------------------------------------------------------------


def _put(staged: Path, result: Published, destination: str) -> None:
    import fsspec
    from fsspec.implementations.local import LocalFileSystem

    try:
        system, root = fsspec.core.url_to_fs(destination)
        system.makedirs(root, exist_ok=True)
        for name in result.pages:
            if isinstance(system, LocalFileSystem):
                _replace(Path(root) / name, (staged / name).read_bytes())
            else:  # an object appears when it has been sent whole
                system.pipe_file(f"{root}/{name}", (staged / name).read_bytes())
        there = {path.rsplit("/", 1)[-1] for path in system.ls(root, detail=False)}
    except (OSError, ValueError, ImportError) as error:
        raise BadInput(
            Problem(
                f"The reports cannot be put there ({getattr(error, 'strerror', None) or error}).",
                file=destination,
                mend="Check the address, its permissions and the room there; what is there already is whole.",
            )
        ) from None
    result.others = sorted(name for name in there - set(result.pages) if name.endswith(".html"))


def _replace(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
