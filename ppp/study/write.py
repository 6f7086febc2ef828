"""Additions to study.yaml that leave every line of it as it is."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

from ppp import yamlfile
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.study.folder import open_study
from ppp.study.settings import StudySettings

__all__ = ["add_mapping"]


def add_mapping(
    study: str | Path, text: str, *, name: str, file: Path, wave: str | None, dictionary: Path | None = None
) -> Path:
    """Insert a mapping (an entry of ``mappings:`` as text; empty for the built-in one) and the export that uses it.

    The file is checked before it replaces the old one, which is kept as ``study.yaml.bak``.

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
        used = f", dictionary: {json.dumps(dictionary.name)}" if dictionary else ""
        entry = f"  - {{file: {json.dumps(file.name, ensure_ascii=False)}, wave: {json.dumps(wave, ensure_ascii=False)}{used}, mapping: {name}}}\n"
        after = _insert(after, "exports", entry)
    new = path.with_name("study.yaml.new")
    new.write_text(after, encoding="utf-8")
    try:
        yamlfile.read(new, StudySettings, name="study.yaml")
    except BadInput:
        new.unlink()
        raise
    shutil.copy2(path, path.with_name("study.yaml.bak"))
    os.replace(new, path)
    return path


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
