"""LimeSurvey: CSV with codes, full questions, or both as headings; labels from the survey's .lss or structure .txt.

A multi-select is one column a choice that holds Yes/No (in the survey's language) or Y and nothing; arrays have one
column an item. Without the structure the two are told apart by what the columns hold.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree

import pandas as pd

from ppp.errors import BadInput, Problem
from ppp.surveys.export import MISSING_CODES, SurveyExport
from ppp.surveys.grid import File, Grid, frame, unique
from ppp.surveys.platforms.shape import choices_table, questions_table, set_apart
from ppp.surveys.text import decode, plain, readable

__all__ = ["certainty", "read"]

_CODES = {
    "id",
    "submitdate",
    "lastpage",
    "startlanguage",
    "seed",
    "startdate",
    "datestamp",
    "ipaddr",
    "refurl",
    "token",
}
_TEXTS = {
    "submitdate": "date submitted|datum inskickat|inskickningsdatum|inlämningsdatum|datum abgeschickt|date de soumission|datum voltooid|fecha de envío|dato innsendt|dato indsendt|data di invio|skickat",
    "lastpage": "last page|sista sidan|letzte seite|dernière page|laatste pagina|última página|siste side|sidste side|ultima pagina",
    "startlanguage": "start language|startspråk|start-sprache|startsprache|langue de départ|begintaal|lenguaje inicial|idioma inicial|startsprog|lingua iniziale",
    "seed": "seed|frö|slumpfrö|slumptal|frø|siemen|zufallsstartwert|tête de série|semilla|seme",
    "id": "response id|svars-id|svar-id|svars id|antwort id|antwort-id|id de la réponse|antwoord id|id de respuesta|id risposta",
    "startdate": "date started|startdatum|datum gestartet|date de lancement|datum gestart|fecha de inicio|dato startet",
    "datestamp": "date last action|datum senaste åtgärd|datum letzte aktivität|date de la dernière action|datum laatste actie|fecha de última acción",
    "ipaddr": "ip address|ip-adress|ip-adresse|adresse ip|ip-adres|dirección ip",
    "refurl": "referrer url|hänvisnings-url|hänvisande url|weiterleitungs-url|url de référence|verwijzende url",
}  # fmt: skip
_OWN = {plain(text): code for code, texts in _TEXTS.items() for text in texts.split("|")}
_BOTH = re.compile(r"^(\w+)((?:\[[^\]]*\])*)\.\s+(.*)$", re.DOTALL)
_CODE = re.compile(r"^(\w+?)((?:\[[^\]]*\])+)$")
_ITEM = re.compile(r"^(.*?)\s*\[([^\[\]]*)\](?:\.\d+)?$", re.DOTALL)
_YES_NO = {"yes", "no", "ja", "nej", "nei", "nein", "nee", "oui", "non", "sí", "si", "y", "n", "sì", "1", "0"}
_KINDS = {
    "L": "single", "!": "single", "O": "single", "Y": "single", "G": "single", "5": "single", "I": "single",
    "F": "single", "H": "single", "A": "single", "B": "single", "C": "single", "E": "single", "1": "single",
    "R": "single", "M": "multiple", "P": "multiple", "N": "number", "K": "number", ":": "number", "*": "", "D": "date",
    "S": "text", "T": "text", "U": "text", "Q": "text", ";": "text",
}  # fmt: skip
_IMPLIED = {
    "Y": {"Y": "Yes", "N": "No"},
    "C": {"Y": "Yes", "U": "Uncertain", "N": "No"},
    "E": {"I": "Increase", "S": "Same", "D": "Decrease"},
    "G": {"F": "Female", "M": "Male"},
}


@dataclass
class _Question:
    """A question of the structure file."""

    type: str
    text: str
    group: str = ""
    items: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


def certainty(file: File) -> float:
    """Sure with its own columns; nearly so with its way of writing headings."""
    if file.kind not in ("text", "sheet"):
        return 0.0
    heading = [_own_name(cell) for cell in _grid(file)[0].heading]
    own = set(filter(None, heading))
    if {"submitdate", "lastpage", "startlanguage"} <= own or (len(own & {"submitdate", "lastpage", "startlanguage"}) == 2 and "id" in own):  # fmt: skip
        return 1.0
    cells = file.grid.heading
    both = sum(bool(_BOTH.match(cell)) for cell in cells)
    items = [cell for cell in cells if (found := _BOTH.match(cell)) and "[" in found[0].split(".")[0]]
    if both >= max(3, 0.6 * len(cells)) and items:
        return 0.9
    if _by_its_columns(file):
        return 0.85
    coded = sum(bool(_CODE.match(cell)) for cell in cells)
    return 0.5 if coded >= max(3, 0.2 * len(cells)) else 0.0


def _grid(file: File) -> tuple[Grid, list[str]]:
    """The table from its codes on; and, of a VV file (tab-separated, texts above codes), the texts."""
    grid = file.grid
    own = {"submitdate", "lastpage", "startlanguage"}
    if len(own & set(grid.row(2))) >= 2 and not own & set(grid.row(1)):
        return replace(grid, cells=grid.cells.iloc[1:]), grid.row(1)
    return grid, []


_ESCAPED = {"{newline}": "\n", "{cr}": "\r", "{tab}": "\t", "{quote}": '"', "{lbrace}": "{"}
"""What a VV file writes in place of signs that would break it."""


def _unescaped(table: pd.DataFrame) -> pd.DataFrame:
    def one(cell: str) -> str:
        for written, meant in _ESCAPED.items():
            cell = cell.replace(written, meant)
        return cell

    return table.apply(lambda cells: cells.map({cell: one(cell) if "{" in cell else cell for cell in cells.unique()}))


def _by_its_columns(file: File) -> bool:
    """Number, time or nothing, page, language: its first four columns, in whatever language their headings are."""
    grid = file.grid
    if grid.cells.shape[1] < 6:
        return False
    ids, times, pages, languages = (grid.column(at) for at in range(4))
    return bool(
        ids and pages and languages
        and all(re.fullmatch(r"\d+(\.0)?", cell) for cell in (*ids, *pages))
        and all(re.match(r"\d{4}-\d\d-\d\d \d\d:", cell) for cell in times)
        and all(re.fullmatch(r"[a-z]{2}(-\w+)?", cell) for cell in languages)
    )  # fmt: skip


def _own_name(cell: str) -> str:
    """The code of one of LimeSurvey's own columns, or nothing."""
    cell = cell.strip()
    both = _BOTH.match(cell)
    if both and both[1] in _CODES:
        return both[1]
    return cell if cell in _CODES else _OWN.get(plain(cell), "")


def read(file: File) -> SurveyExport:
    """The export.

    Raises
    ------
    BadInput
        Where the file named as its structure is none.
    """
    grid, above = _grid(file)
    names, twice = unique(grid.heading)
    called = {name: _own_name(cell) for name, cell in zip(names, grid.heading, strict=True)}
    if _by_its_columns(file):
        called.update(zip(names, ("id", "submitdate", "lastpage", "startlanguage"), strict=False))
    if not grid.heading[0] and all(re.fullmatch(r"\d+(\.0)?", cell) for cell in grid.column(0)):
        called[names[0]] = "id"
    both = {name: _BOTH.match(cell) for name, cell in zip(names, grid.heading, strict=True)}
    texts = dict(zip(names, grid.heading, strict=True))
    if sum(map(bool, both.values())) >= 0.6 * len(names):
        # The code alone names a question, so that a file with codes and one with codes and texts name it alike.
        names = unique([match[1] + match[2] if match else name for name, match in both.items()])[0]
        called = dict(zip(names, called.values(), strict=True))
        texts = dict(zip(names, texts.values(), strict=True))
    table = frame(grid, name=file.name, headings=names)
    if above:
        table = _unescaped(table)
    answers, metadata, identifiers, notes = set_apart(table, lambda name: bool(called[name]), called)
    submitted = next((metadata[name] for name in metadata if called[name] == "submitdate"), None)
    if submitted is not None and (submitted.str.startswith("1980-01-01")).any():
        notes.append("the survey was anonymous: its dates are all 1980-01-01")
    if twice:
        notes.append(f"{len(twice)} headings occur more than once; further ones are numbered")
    questions, choices, groups = _questions(answers, texts, _structure(file.companion))
    codes = [(group, "N/A", "not_shown") for group in groups]
    if above:
        codes.append(("", "{question_not_shown}", "not_shown"))
        said = dict(zip(names, above, strict=True))
        bare = questions["text"] == questions["name"]
        questions["text"] = questions["text"].mask(bare, questions["name"].map(said).fillna(questions["text"]).map(readable))  # fmt: skip
    return SurveyExport(
        "limesurvey",
        grid.source,
        answers,
        questions,
        choices,
        metadata=metadata,
        identifiers=identifiers,
        is_complete=submitted.str.strip() != "" if submitted is not None else None,
        missing_codes=pd.DataFrame(codes, columns=list(MISSING_CODES)),
        headings=(*([tuple(above)] if above else []), tuple(grid.row(1))),
        rest={sheet: rows for sheet, rows in file.sheets.items() if sheet != grid.source.sheet},
        notes=(*grid.notes, *notes),
    )


def _parts(heading: str) -> tuple[str, list[str], str, str]:
    """A heading's code, sub-codes, question text and item text."""
    both, code = _BOTH.match(heading), _CODE.match(heading)
    if both:
        subs = re.findall(r"\[([^\]]*)\]", both[2])
        text = both[3].strip()
        item = _ITEM.match(text) if subs else None
        return both[1], subs, item[1] if item else text, item[2] if item else ""
    if code:
        return code[1], re.findall(r"\[([^\]]*)\]", code[2]), "", ""
    item = _ITEM.match(heading)
    if item and item[1]:
        return "", [item[2]], item[1], item[2]
    return "", [], heading, ""


def _questions(answers: pd.DataFrame, texts: dict[str, str], structure: dict[str, _Question]) -> tuple:
    by_text = {plain(question.text): code for code, question in structure.items()}
    members: dict[str, list[tuple]] = defaultdict(list)
    for column in answers:
        code, subs, text, item = _parts(texts[column] or column)
        code = code or by_text.get(plain(readable(text)), "")
        if not subs and code not in structure and "_" in code:
            stem, _, last = code.partition("_")  # R and SPSS write Q1_SQ001
            code, subs = (stem, [last]) if stem in structure else (code, subs)
        members[code or (text if subs else column)].append((column, subs, text, item))
    rows: list[tuple] = []
    choices: list[tuple] = []
    groups: list[str] = []
    for name, columns in members.items():
        known = structure.get(name)
        kind = _KINDS.get(known.type, "") if known else ""
        ticked = [each for each in columns if each[1] and each[1][-1].lower() not in ("other", "comment") and not each[1][-1].lower().endswith("comment")]  # fmt: skip
        if kind == "multiple" or (not known and _is_multiple(answers, ticked)):
            text = known.text if known else columns[0][2]
            rows.append((name, text or name, "multiple", known.group if known else ""))
            groups.append(name)
            for column, subs, _, item in columns:
                if (column, subs) in [(each[0], each[1]) for each in ticked]:
                    label = (known.items.get(subs[-1]) if known else "") or item or subs[-1]
                    choices.append((name, subs[-1], label, column))
                else:
                    rows.append((column, f"{text} [{item or 'other'}]", "text", known.group if known else ""))
            continue
        for column, subs, text, item in columns:
            whole = known.text if known else text
            label = item or (_item_text(known, subs) if known else " / ".join(subs))
            other = subs and subs[-1].lower() in ("other", "comment")
            about = f"{whole} [{label}]" if subs and whole else whole or item or column
            rows.append((column, about, "text" if other else kind, known.group if known else ""))
            if known and kind == "single" and not other:
                choices += [(column, code, label) for code, label in _answers(known).items()]
    return questions_table(rows), choices_table(choices), groups


def _item_text(known: _Question, subs: list[str]) -> str:
    if not subs:
        return ""
    whole = known.items.get(subs[0])
    return whole or " / ".join(known.items.get(part, part) for part in re.split(r"[_#]", subs[0]))


def _answers(known: _Question) -> dict[str, str]:
    if known.type in ("A", "5", "B"):
        return {str(n): str(n) for n in range(1, 11 if known.type == "B" else 6)}
    return {**(_IMPLIED.get(known.type, {})), **known.answers}


def _is_multiple(answers: pd.DataFrame, ticked: list[tuple]) -> bool:
    """Two columns or more that hold yes and no and nothing else."""
    if len(ticked) < 2:
        return False
    values = {plain(cell) for column, *_ in ticked for cell in answers[column].unique()} - {"", "n/a"}
    return bool(values) and values <= _YES_NO and values != {"0"}


def _structure(companion: File | None) -> dict[str, _Question]:
    """The survey's questions by their code, from .lss (XML) or the tab-separated structure."""
    if companion is None:
        return {}
    if companion.kind == "xml" and b"<!DOCTYPE" not in companion.data and b"<!ENTITY" not in companion.data:
        try:
            found = _from_lss(ElementTree.fromstring(companion.data))
        except (ElementTree.ParseError, KeyError):
            found = {}
    elif companion.kind == "text":
        text = decode(companion.data, encoding=companion.encoding, name=companion.name)[0]
        found = _from_txt(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"))
    else:
        found = {}
    if not found:
        raise BadInput(
            Problem(
                "This is not a LimeSurvey structure.",
                file=companion.name,
                mend="In LimeSurvey: Display/Export, Survey structure (.lss), or tab-separated values (.txt).",
            )
        )
    return found


def _from_lss(root: ElementTree.Element) -> dict[str, _Question]:
    def rows(section: str) -> list[dict[str, str]]:
        return [{cell.tag: cell.text or "" for cell in row} for row in root.findall(f"./{section}/rows/row")]

    texts = {row["qid"]: row.get("question", "") for row in reversed(rows("question_l10ns"))}
    answer_texts = {row["aid"]: row.get("answer", "") for row in reversed(rows("answer_l10ns"))}
    group_names = {row["gid"]: row.get("group_name", "") for row in reversed(rows("group_l10ns"))}
    group_names |= {row["gid"]: row["group_name"] for row in reversed(rows("groups")) if row.get("group_name")}
    found: dict[str, _Question] = {}
    by_id: dict[str, _Question] = {}
    every = [*rows("questions"), *rows("subquestions")]
    for row in every:
        if row.get("parent_qid", "0") in ("0", "") and row["title"] not in found:
            text = readable(row.get("question") or texts.get(row["qid"], ""))
            by_id[row["qid"]] = _Question(row.get("type", ""), text, readable(group_names.get(row.get("gid", ""), "")))
            found[row["title"]] = by_id[row["qid"]]
    for row in every:
        parent = by_id.get(row.get("parent_qid", ""))
        if parent is not None:
            parent.items.setdefault(row["title"], readable(row.get("question") or texts.get(row["qid"], "")))
    for row in rows("answers"):
        question = by_id.get(row["qid"])
        if question is not None:
            question.answers.setdefault(row["code"], readable(row.get("answer") or answer_texts.get(row.get("aid", ""), "")))  # fmt: skip
    return found


def _from_txt(lines: csv.DictReader) -> dict[str, _Question]:
    found: dict[str, _Question] = {}
    group, question = "", None
    for line in lines:
        row = {(key or "").strip('\ufeff "'): value or "" for key, value in line.items() if isinstance(value, str | None)}  # fmt: skip
        kind, name, text = row.get("class", ""), row.get("name", ""), readable(row.get("text", ""))
        if kind == "G":
            group = readable(name)
        elif kind == "Q":
            question = found.setdefault(name, _Question(row.get("type/scale", ""), text, group))
        elif kind == "SQ" and question is not None:
            question.items.setdefault(name, text)
        elif kind == "A" and question is not None:
            question.answers.setdefault(name, text)
    return found
