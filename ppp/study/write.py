"""Additions to study.yaml that leave every line of it as it is."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from ppp import yamlfile
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.study.folder import Study, open_study
from ppp.study.settings import StudySettings
from ppp.surveys.aliases import Alias
from ppp.surveys.text import plain

__all__ = ["add_aliases", "add_mapping"]


def add_mapping(
    study: str | Path,
    text: str,
    *,
    name: str,
    file: Path,
    wave: str | None,
    dictionary: Path | None = None,
    how: Mapping[str, str | None] | None = None,
) -> Path:
    """Insert a mapping (an entry of ``mappings:`` as text; empty for the built-in one) and the export that uses it.

    `how` is what was stated on how to read the file (``encoding``, ``delimiter`` …). The file is checked before it replaces the old one, which is kept as ``study.yaml.bak``.

    Raises
    ------
    BadInput
        Where the wave is unknown, the mapping's name is taken, or the file is not in the study's ``exports``.
    """
    opened = open_study(study)
    path = opened.path / "study.yaml"
    waves = [item.id for item in opened.settings.waves]
    if wave not in waves:
        raise BadInput(Problem("Which round is this file of?", column="--wave", mend=did_you_mean(wave or "", waves)))
    if text and name in opened.settings.mappings:
        raise BadInput(
            Problem(f"study.yaml has a mapping “{name}” already.", file=str(path), mend="Give another with --name.")
        )
    if not (opened.path / "exports" / file.name).is_file():
        raise BadInput(
            Problem("The file is not in the study.", file=file.name, mend=f"Copy it into {opened.path / 'exports'}.")
        )
    before = path.read_text(encoding="utf-8-sig")
    after = _insert(before, "mappings", text) if text else before
    if file.name not in {export.file for export in opened.settings.exports}:
        stated = {"file": file.name, "wave": wave, "dictionary": dictionary.name if dictionary else None, **(how or {})}
        used = ", ".join(f"{key}: {_quoted(value)}" for key, value in stated.items() if value)
        entry = f"  - {{{used}, mapping: {_quoted(name)}}}\n"
        after = _insert(after, "exports", entry)
    _put(path, after)
    return path


def add_aliases(study: Study, proposals: Iterable[Alias]) -> list[Alias]:
    """Write proposed aliases into ``study.yaml``, none of them confirmed; returns those that were not there yet.

    A spelling that no organization is like is written as a comment, for a person to fill in. The file as it was is kept
    as ``study.yaml.bak``.
    """
    path = study.path / "study.yaml"
    there = {plain(alias.spelling) for alias in study.settings.aliases}
    text = path.read_text(encoding="utf-8-sig")
    new = [one for one in proposals if plain(one.spelling) not in there and _commented(one) not in text]
    if not new:
        return []
    lines = [] if _HOW in text else [_HOW]
    for one in sorted(new, key=lambda one: -one.certainty):
        why = " ".join(one.why.split())
        if one.organization:
            lines.append(
                f"  - {{spelling: {_quoted(one.spelling)}, organization: {_quoted(one.organization)},"
                f" certainty: {one.certainty}, confirmed: no}}  # {why}"
            )
        else:
            lines.append(f"{_commented(one)}, organization: WRITE THE ID OR none, confirmed: yes}}  # {why}")
    _put(path, _insert(text, "aliases", "\n".join(lines) + "\n"))
    return new


_HOW = "  # Proposed by `ppp aliases`. Set confirmed: yes where right; else correct the organization, or write none."


def _commented(one: Alias) -> str:
    return f"  # - {{spelling: {_quoted(one.spelling)}"


def _quoted(text: str) -> str:
    """In double quotes as YAML and JSON share them; letters that cannot be seen by their numbers."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in quoted)


def _put(path: Path, text: str) -> None:
    """Replace study.yaml by a text that is sound; the old one is kept beside it."""
    new = path.with_name("study.yaml.new")
    new.write_text(text, encoding="utf-8")
    try:
        yamlfile.read(new, StudySettings, name="study.yaml")
    except BadInput:
        new.unlink()
        raise
    shutil.copy2(path, path.with_name("study.yaml.bak"))
    os.replace(new, path)


def _insert(text: str, key: str, entry: str) -> str:
    """The entry as the first under a top-level key in block style; the key at the end where the file has none."""
    match = re.search(rf"(?m)^{key}:[ \t]*(?P<empty>\{{\}}|\[\])?[ \t]*(?P<note>#.*)?$", text)
    if match:
        note = f"  {match['note']}" if match["note"] else ""
        rest = text[match.end() :]
        # Indented as the entries that are there, whatever their depth.
        sibling = re.match(r"(?:[ \t]*(?:#.*)?\n)*(?P<indent> *)(?=- |\S)", rest)
        if sibling and not match["empty"] and (sibling["indent"] or rest[sibling.end() :].startswith("- ")):
            entry = re.sub(r"(?m)^  ", sibling["indent"], entry)
        return text[: match.start()] + f"{key}:{note}\n{entry}" + rest.removeprefix("\n")
    return text.rstrip("\n") + f"\n\n{key}:\n{entry}"
