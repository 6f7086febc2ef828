"""Write answers the way three survey platforms export them, with the small faults that real exports have.

Questions and worded answers are taken from the mappings in ``study.yaml``, so the exports hold what the study says they do.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from xlsx_bytes import workbook

if TYPE_CHECKING:
    from make_demo import Activity, Dice, Respondent

ITEMS = (
    "numbers",
    "compensation",
    "compensation_2",
    "power_balance",
    "power_balance_2",
    "preparation",
    "training",
    "support",
    "leadership",
    "vulnerability",
    "vulnerability_2",
)
"""The rating questions in the order of the forms: a leaf of Parity, and ``_2`` for its second question."""
REVERSED = ("compensation_2",)

_PHASES = ("design", "plan", "implement", "evaluate")
_FACTS = ("compensated", "expenses_paid", "training_given", "contact_named", "lead_rotates")
_ASKED = ("title", "description", "initiated_by", "patients_n", "professionals_n", *_FACTS)
_PLACING = ("place", "meeting_place", "phase_began")


# -- the hospitals' form: semicolons, cp1252, decimal comma --------------------------------------------------------


def hospital_csv(dice: Dice, people: list[Respondent], form: dict, organizations: dict[str, dict]) -> bytes:
    """One row a respondent, whole questions as headers, three numbered activities a row."""
    words = _Words(form, yes="Ja", no="Nej", unknown="Vet inte")
    rows = [["Svars-ID", "Inskickat", "Svarstid (minuter)", *_header(form)]]
    for number, person in _in_order(dice, people, first=2101):
        organization = _spelling(dice, organizations[person.organization], "sv")
        role = "" if person.role == "professional" and dice.happens(0.02) else words.role(person.role)
        row = [str(number), f"{person.answered_at:%Y-%m-%d %H:%M}", f"{person.minutes:.1f}".replace(".", ",")]
        row += [_worn(dice, answer) for answer in (organization, role, *map(words.rating, person.ratings.values()))]
        for activity in person.activities:
            row += _activity_cells(dice, activity, words)
            row += [words.yes_no(phase in activity.text["phases"]) if activity.placed else "" for phase in _PHASES]
        rows.append([("" if cell is None else str(cell)) for cell in row])
    # A spreadsheet-like export: every row as wide as the header.
    rows = [row + [""] * (len(rows[0]) - len(row)) for row in rows]
    return _csv(rows, delimiter=";", line="\r\n").encode("cp1252")


# -- the form in English: XLSX with true dates ------------------------------------------------------------------------


def english_xlsx(
    dice: Dice, people: list[Respondent], form: dict, organizations: dict[str, dict], *, made: datetime
) -> bytes:
    """One row a respondent; times are date cells, counts are numbers, and several phases stand in one cell."""
    words = _Words(form, yes="Yes", no="No", unknown="Do not know")
    rows: list[list[Any]] = [["ID", "Start time", "Completion time", *_header(form)]]
    for number, person in _in_order(dice, people, first=3):
        organization = _spelling(dice, organizations[person.organization], "en")
        role = dice.one(("Volunteer", "Interpreter")) if person.role == "other" else words.role(person.role)
        row: list[Any] = [number, person.answered_at - timedelta(minutes=int(person.minutes) + 1), person.answered_at]
        row += [_worn(dice, answer) for answer in (organization, role, *map(words.rating, person.ratings.values()))]
        for activity in person.activities:
            phases = activity.text["phases"] if activity.placed else []
            row += _activity_cells(dice, activity, words)
            row += ["".join(f"{words.of('phases', phase)};" for phase in phases)]
        rows.append(row)
    about = [[f"Answers to the form in English, {made:%Y}."], ["Fictional: nobody gave these answers."]]
    return workbook({"Answers": rows, "About": about}, made=made)


# -- the registers' form: REDCap ---------------------------------------------------------------------------------------

DICTIONARY_COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
_ROLE_CODES = {"patient": "1", "relative": "2", "professional": "3", "other": "4"}
_LANGUAGE_CODES = {"sv": "1", "en": "2"}
_PLACE_CODES = {"direct_care": "1", "clinic": "2", "organization": "3", "system": "4", "not_stated": "9"}
_PHASE_CODES = {"design": "1", "plan": "2", "implement": "3", "evaluate": "4", "not_stated": "9"}
_RATING_CODES = {1: "1", 2: "2", 3: "3", 4: "4", "dont_know": "8", "not_applicable": "9"}
_INITIATOR_CODES = {"patients": "1", "professionals": "2", "jointly": "3"}
_STATEMENTS = {
    "numbers": "Vi är ungefär lika många patienter och professionella / As many patients as professionals",
    "compensation": "Alla får en rimlig ersättning för sin tid / Everyone is fairly compensated",
    "compensation_2": "Patienter har haft utlägg som de inte har fått tillbaka / Patients have borne costs",
    "power_balance": "Alla kommer till tals och blir lyssnade på / Everyone gets to speak and is listened to",
    "power_balance_2": "Vi talar på ett sätt som alla förstår / We talk in a way that all understand",
    "preparation": "Alla får i god tid veta vad arbetet går ut på / Everyone is told in good time what it is about",
    "training": "Den som behöver det får utbildning / Those who need it are trained",
    "support": "Alla har en utsedd person att vända sig till / Everyone has a named person to turn to",
    "leadership": "Ledarrollen delas eller går runt / The leading role is shared or goes round",
    "vulnerability": "Jag kan tryggt berätta om egna erfarenheter och misstag / I can safely tell my own story",
    "vulnerability_2": "De andra bjuder också på sig själva / The others are open about themselves too",
}
_YES_NO_UNKNOWN = "1, Ja | 0, Nej | 8, Vet inte"
_THIRD_ANSWER = {"compensated": "8", "expenses_paid": "8", "training_given": "8"}
"""The code of "do not know"; REDCap's own yes/no fields have no third answer."""


def register_dictionary(form: dict, organizations: dict[str, dict]) -> bytes:
    """The project's data dictionary, with REDCap's own 18 columns and titles."""
    asked, ratings = form["activities"], form["ratings"]
    registers = [organization["name"]["sv"] for organization in _registers(organizations)]
    scale = _choices(dict(zip(ratings["scale"], (1, 2, 3, 4), strict=True)) | ratings["missing"], _RATING_CODES)
    places = _choices(asked["place"]["values"], _PLACE_CODES)
    phases = _choices(asked["phase_began"]["values"], _PHASE_CODES)
    ticked = _choices(
        {label: phase for label, phase in asked["phases"]["values"].items() if phase in _PHASES}, _PHASE_CODES
    )
    initiators = _choices(asked["initiated_by"]["values"], _INITIATOR_CODES)
    columns = {
        "validation": "Text Validation Type OR Show Slider Number",
        "least": "Text Validation Min",
        "most": "Text Validation Max",
        "shown_if": "Branching Logic (Show field only if...)",
        "required": "Required Field?",
        "matrix": "Matrix Group Name",
        "section": "Section Header",
    }
    fields: list[dict[str, str]] = []

    def ask(instrument: str, name: str, kind: str, label: str, choices: str = "", **more: str) -> None:
        row = dict.fromkeys(DICTIONARY_COLUMNS, "")
        row.update(zip(DICTIONARY_COLUMNS, (name, instrument, "", kind, label, choices), strict=False))
        fields.append(row | {columns[key]: value for key, value in more.items()})

    first, second = "partnership", "activity"
    ask(first, "record_id", "text", "Record ID")
    ask(first, "answered_at", "text", "Besvarad / answered", validation="datetime_ymd")
    which = " | ".join(f"{n}, {name}" for n, name in enumerate(registers, 1))
    ask(first, "organization", "radio", "Vilket register gäller svaren? / Which register?", which, required="y")
    roles = _choices(form["role"]["values"], _ROLE_CODES)
    ask(first, "role", "radio", "Vilken är din roll? / What is your role?", roles)
    ask(first, "role_other", "text", "Vilken annan roll? / Which other role?", shown_if="[role] = '4'")
    languages = _choices(form["language"]["values"], _LANGUAGE_CODES)
    ask(first, "language", "radio", "Språk / language", languages)
    section = "Hur väl stämmer det här? / How true is this?"
    for item in ITEMS:
        ask(first, f"par_{item}", "radio", _STATEMENTS[item], scale, matrix="parity", section=section)
        section = ""
    ask(second, "act_title", "text", "Vad kallar ni aktiviteten? / What do you call the activity?")
    ask(second, "act_what", "notes", "Vad gjorde ni? / What did you do?")
    ask(second, "act_place", "radio", "På vilken nivå ville ni förändra något? / What level was to change?", places)
    ask(second, "act_meeting_place", "radio", "Var möttes ni, om på en annan nivå? / Where did you meet?", places)
    ask(second, "act_phase_began", "radio", "När kom patienterna med? / When did patients join?", phases)
    ask(second, "act_phases", "checkbox", "Vilka skeden var patienter med i? / In which phases were they?", ticked)
    ask(second, "act_initiated_by", "radio", "Vem tog initiativet? / Who took the initiative?", initiators)
    number = {"validation": "integer", "least": "0", "most": "500"}
    ask(second, "act_patients_n", "text", "Antal patienter och närstående / patients and relatives", **number)
    ask(second, "act_professionals_n", "text", "Antal professionella / professionals", **number)
    ask(second, "act_compensated", "radio", "Fick patienterna betalt? / Were patients paid?", _YES_NO_UNKNOWN)
    ask(second, "act_expenses_paid", "radio", "Ersattes utlägg? / Were costs paid?", _YES_NO_UNKNOWN)
    ask(second, "act_training_given", "radio", "Fick deltagarna utbildning? / Were they trained?", _YES_NO_UNKNOWN)
    ask(second, "act_contact_named", "yesno", "Fanns en utsedd kontaktperson? / Was there a contact person?")
    ask(second, "act_lead_rotates", "yesno", "Gick ledarrollen runt? / Did the leading role go round?")
    rows = [list(DICTIONARY_COLUMNS), *([row[column] for column in DICTIONARY_COLUMNS] for row in fields)]
    return _csv(rows, delimiter=",", line="\n").encode("utf-8")


def register_csv(dice: Dice, people: list[Respondent], organizations: dict[str, dict], first: int) -> bytes:
    """Raw records: a row a respondent, then a row for each of their activities."""
    main = ["answered_at", "organization", "role", "role_other", "language", *(f"par_{item}" for item in ITEMS)]
    repeated = ["act_title", "act_what", "act_place", "act_meeting_place", "act_phase_began"]
    repeated += [f"act_phases___{n}" for n in (1, 2, 3, 4)]
    repeated += ["act_initiated_by", "act_patients_n", "act_professionals_n", *(f"act_{fact}" for fact in _FACTS)]
    rows = [["record_id", "redcap_repeat_instrument", "redcap_repeat_instance", *main, "partnership_complete"]]
    rows[0] += [*repeated, "activity_complete"]
    codes = {organization["id"]: str(n) for n, organization in enumerate(_registers(organizations), 1)}
    for number, person in _in_order(dice, people, first):
        other = dice.one(("Statistiker", "Utvecklare", "Volontär")) if person.role == "other" else ""
        row = [str(number), "", "", f"{person.answered_at:%Y-%m-%d %H:%M}", codes[person.organization]]
        row += [_ROLE_CODES[person.role], other, _LANGUAGE_CODES[person.language]]
        row += [_RATING_CODES.get(answer, "") for answer in person.ratings.values()]
        rows.append([*row, "2" if person.finished else "1", *([""] * len(repeated)), ""])
        for instance, activity in enumerate(person.activities, 1):
            text, placed = activity.text, activity.placed
            row = [str(number), "activity", str(instance), *([""] * len(main)), ""]
            row += [_worn(dice, text["title"], 0.04), text["description"]]
            row += [_PLACE_CODES[text["place"]] if placed else ""]
            row += [_PLACE_CODES.get(activity.meeting_place, "") if placed else ""]
            row += [_PHASE_CODES[text["phase_began"]] if placed else ""]
            row += ["1" if placed and phase in text["phases"] else "0" for phase in _PHASES]
            row += [_INITIATOR_CODES.get(activity.initiated_by, "")]
            row += ["" if n is None else str(n) for n in (activity.patients_n, activity.professionals_n)]
            row += [
                _THIRD_ANSWER.get(fact, "") if yes is None else str(int(yes)) for fact, yes in activity.facts.items()
            ]
            rows.append([*row, "2"])
    return _csv(rows, delimiter=",", line="\n").encode("utf-8")


def _registers(organizations: dict[str, dict]) -> list[dict]:
    return [organization for organization in organizations.values() if organization["group"] == "registers"]


def _choices(labels: dict[str, Any], codes: dict) -> str:
    """Choices as REDCap writes them: ``1, Patient | 2, Närstående``."""
    return " | ".join(f"{codes[value]}, {label}" for label, value in labels.items())


# -- what the forms share ------------------------------------------------------------------------------------------------


class _Words:
    """The worded answers of a form, found backwards through its mapping."""

    def __init__(self, form: dict, *, yes: str, no: str, unknown: str) -> None:
        self._asked = form["activities"]
        self._roles = {value: label for label, value in form["role"]["values"].items()}
        ratings = form["ratings"]
        self._ratings = {"": "", **dict(enumerate(ratings["scale"], 1))}
        self._ratings |= {why: label for label, why in ratings["missing"].items()}
        self._yes_no = {True: yes, False: no, None: unknown}

    def role(self, role: str) -> str:
        return self._roles[role]

    def rating(self, answer: int | str) -> str:
        return self._ratings[answer]

    def yes_no(self, answer: bool | None) -> str:
        return self._yes_no[answer]

    def of(self, question: str, value: str) -> str:
        """The wording of one value of an activity question."""
        return next((label for label, meant in self._asked[question]["values"].items() if meant == value), "")


def _header(form: dict) -> list[str]:
    """The questions from the organization on, in the order of the form."""
    asked = form["activities"]
    items = {
        leaf + ("_2" if at else ""): question
        for leaf, questions in form["ratings"]["items"].items()
        for at, question in enumerate(questions)
    }
    columns = [asked[name] if isinstance(asked[name], str) else asked[name]["column"] for name in (*_ASKED, *_PLACING)]
    columns += [asked["phases"]["column"]] if "column" in asked["phases"] else asked["phases"].values()
    numbered = [column.replace("{n}", str(n)) for n in range(1, asked["blocks"] + 1) for column in columns]
    return [form["organization"], form["role"]["column"], *(items[item] for item in ITEMS), *numbered]


def _activity_cells(dice: Dice, activity: Activity, words: _Words) -> list[Any]:
    """The answers to `_ASKED` and `_PLACING`."""
    text = activity.text
    cells: list[Any] = [_worn(dice, text["title"], 0.04), text["description"]]
    cells += [words.of("initiated_by", activity.initiated_by), activity.patients_n, activity.professionals_n]
    cells += [_worn(dice, words.yes_no(activity.facts[fact])) for fact in _FACTS]
    placing = (text["place"], activity.meeting_place, text["phase_began"]) if activity.placed else ("", "", "")
    return cells + [words.of(question, value) for question, value in zip(_PLACING, placing, strict=True)]


def _in_order(dice: Dice, people: list[Respondent], first: int) -> Iterator[tuple[int, Respondent]]:
    """In the order in which they answered, numbered with gaps, as deleted responses leave them."""
    number = first
    for person in sorted(people, key=lambda person: (person.answered_at, person.organization, person.minutes)):
        number += 2 if dice.happens(0.05) else 1
        yield number, person


def _worn(dice: Dice, answer: str, share: float = 0.02) -> str:
    """The answer, now and then with a blank or a no-break space at its end."""
    return answer + dice.one((" ", "\u00a0", "  ")) if answer and dice.happens(share) else answer


def _spelling(dice: Dice, organization: dict, language: str) -> str:
    """The organization as the respondent spelt it: mostly its name, at times another of the listed spellings."""
    aliases = organization.get("aliases", [])
    return dice.one(aliases) if aliases and dice.happens(0.08) else organization["name"][language]


def _csv(rows: list[list[str]], *, delimiter: str, line: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line).writerows(rows)
    return text.getvalue()
