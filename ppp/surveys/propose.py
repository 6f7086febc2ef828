"""A mapping proposed from an export: by question texts in both languages, and by what the answers look like.

A proposal is for a person to correct. It says how certain each line is, and never decides for the study.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
import yaml
from rapidfuzz import fuzz

from ppp.framework import LANGUAGES, LEAVES, PHASES, codebook, instrument
from ppp.surveys.aliases import propose_aliases
from ppp.surveys.answers import halves, is_negated, likely_meaning
from ppp.surveys.export import SurveyExport
from ppp.surveys.text import plain
from ppp.surveys.vocabulary import meanings

__all__ = ["Proposal", "as_yaml", "propose"]

SURE = 0.85
"""Below this a person should look."""
_LEAST = 0.6
_ENOUGH_ROWS = 20_000  # answers show what a question is; a million tell no more
_OFTEN = 5
"""An answer that this many gave is no secret of one of them."""
_KINDS = {"role": "role", "initiated_by": "initiated_by", "place": "place", "meeting_place": "place", "phase_began": "phase", "compensated": "yes_no", "expenses_paid": "yes_no", "training_given": "yes_no", "contact_named": "yes_no", "lead_rotates": "yes_no"}  # fmt: skip
_EXTRA = {
    "response_id": ["id", "response id", "svars-id", "svarsid", "record id", "respondent id", "responseid", "respondent", "_uuid", "löpnummer"],
    "organization": ["organisation", "organization", "vilken organisation svarar du för", "which organisation do you answer for", "arbetsplats", "verksamhet", "sjukhus", "hospital", "vilket register gäller svaren", "var arbetar du", "where do you work", "enhet"],
    "role": ["roll", "role", "vem är du", "i answer as", "vilken är din roll", "what is your role", "jag svarar som", "who are you"],
    "language": ["språk", "language", "userlanguage", "startlanguage"],
    "submitted_at": ["inskickat", "tidpunkt", "completion time", "submitted", "datum", "date", "submitdate", "besvarad", "answered", "recordeddate", "_submission_time", "timestamp", "end date"],
    "title": ["namn på aktiviteten", "vad kallar ni den", "vad kallar ni aktiviteten", "what do you call the activity", "aktivitet namn", "activity name", "title", "aktivitet"],
    "description": ["beskrivning", "vad gjorde ni", "what did you do", "description", "beskriv aktiviteten", "describe the activity"],
    "place": ["nivå", "level", "place", "what level was to change"],
    "meeting_place": ["var möttes ni", "var träffades ni", "where did you meet"],
    "phase_began": ["fas", "när kom patienterna med", "when did patients join", "phase began", "from which phase"],
    "patients_n": ["antal patienter", "number of patients", "antal patienter och närstående", "patients and relatives who took part"],
    "professionals_n": ["antal professionella", "antal medarbetare", "number of professionals", "professionals who took part"],
    "compensated": ["fick patienterna betalt", "betalt", "arvode", "were patients paid"],
    "expenses_paid": ["ersattes utlägg", "were costs paid", "reseersättning"],
    "training_given": ["fick deltagarna utbildning", "were they trained"],
    "contact_named": ["fanns en utsedd kontaktperson", "was there a contact person"],
    "lead_rotates": ["gick ledarrollen runt", "did the leading role go round"],
    "phases": ["i vilka skeden var patienterna med", "in which phases were patients", "vilka faser"],
}  # fmt: skip
_TOP = ("response_id", "organization", "role", "language", "submitted_at")


@dataclass(frozen=True)
class Proposal:
    """One line of a mapping: what a question is taken to be, how certainly (0 to 1), and why.

    Attributes
    ----------
    target
        A key of the mapping, ``ratings.<factor>`` or ``activities.<key>``.
    question
        Its name; ``{n}`` stands in it where it is asked of several activities, `blocks` of them.
    table
        The repeating part that it stands in, if any.
    values
        For answers in others' words: the answer, what it most likely means, and how certain that is.
    unknown
        How many further answers there are that nothing is proposed for.
    phases
        For ``activities.phases`` asked as one question a phase: from the phase to its question.
    reversed_because
        For a statement that may be worded the other way round: what speaks for it.
    """

    target: str
    question: str
    certainty: float
    why: str
    blocks: int = 1
    table: str = ""
    values: tuple[tuple[str, str, float], ...] = ()
    unknown: int = 0
    phases: tuple[tuple[str, str], ...] = ()
    reversed_because: str = ""


@dataclass(frozen=True)
class _Asked:
    """A question as it is looked at: its template, columns, texts in either language, and the answers to it."""

    template: str
    columns: list[str]
    texts: list[str]
    answers: Counter
    declared: frozenset[str]
    several: bool
    table: str = ""


def propose(export: SurveyExport, *, organizations: Mapping[str, str] | None = None) -> list[Proposal]:
    """The mapping that fits best, one line a question that was recognized, the surest first within each part.

    Parameters
    ----------
    organizations
        From each spelling of the study's organizations to its id, where there is a study.
    """
    own = [column for column in export.metadata if column not in export.answers]
    # A platform's own columns can be mapped as well: its number of the response, the time it was sent in.
    main = pd.concat([export.answers, export.metadata[own]], axis=1) if own else export.answers
    asked = _asked(export, main)
    names = _names()
    often = _often(asked)
    ratings = _ratings(export, main, [one for one in asked if len(one.columns) == 1])
    rated = {proposal.question for proposal in ratings}
    phases = _phase_columns(export, main, asked)
    taken = rated | {question for _, question in (phases.phases if phases else ())}
    found = [
        _scored(one, names, often, organizations or {})
        for one in asked
        if one.template not in taken and not (phases and one.template in dict(phases.phases).values())
    ]
    best = _matched(found, asked)
    if phases and best.get("activities.phases", phases).certainty <= phases.certainty:
        best["activities.phases"] = phases
    inside = _repeats(export, names, often)
    if inside.get("activities.title") is not None and (
        best.get("activities.title") is None
        or best["activities.title"].certainty <= inside["activities.title"].certainty
    ):
        best = {target: one for target, one in best.items() if target in _TOP} | inside
    ordered = sorted(best.values(), key=lambda one: (one.target.startswith("activities"), -one.certainty))
    return [*ordered, *ratings]


def _names() -> dict[str, list[str]]:
    """What the questions of each target are called, as `plain` texts."""
    names: dict[str, list[str]] = {key: [] for key in _TOP}
    names |= {key: list(text.root.values()) for key, text in instrument().activity.items()}
    names["organization"] += list(instrument().organization.root.values())
    names["role"] += list(instrument().role.root.values())
    for key, words in _EXTRA.items():
        names[key] = [*names.get(key, []), *words]
    return {key: [plain(word) for word in words] for key, words in names.items()}


def _asked(export: SurveyExport, rows: pd.DataFrame, *, table: str = "") -> list[_Asked]:
    """The questions of a table; columns that are a choice each stand for the one question that they belong to."""
    texts = dict(zip(export.questions["name"], export.questions["text"], strict=True))
    kinds = dict(zip(export.questions["name"], export.questions["kind"], strict=True))
    several = export.choices[export.choices["column"] != ""]
    owner = dict(zip(several["column"], several["question"], strict=True))
    found = []
    columns = [str(column) for column in rows if column != "respondent" and not (column in owner and owner[column] != column)]  # fmt: skip
    for template, same in _templates(columns).items():
        answers: Counter = Counter()
        declared: set[str] = set()
        for column in same:
            labels = export.labels(column)
            declared |= set(labels.values())
            counts = export.labelled(rows[column].iloc[:_ENOUGH_ROWS].astype(str), column).str.strip().value_counts()
            answers.update({answer: int(count) for answer, count in counts.items() if answer})
        found.append(_Asked(template, same, _texts(template, same[0], texts.get(same[0], same[0])), answers, frozenset(declared), kinds.get(same[0]) == "multiple", table))  # fmt: skip
    for question, mine in several.groupby("question", sort=False):
        here = [column for column in mine["column"] if column in rows]
        if here and question not in rows:
            said = Counter(dict.fromkeys(mine["label"], _OFTEN))
            text = _texts(str(question), str(question), texts.get(question, str(question)))
            found.append(_Asked(str(question), [str(question)], text, said, frozenset(mine["label"]), True, table))
    return found


def _texts(template: str, column: str, text: str) -> list[str]:
    """A question's text, each language by itself, without the activity's number."""
    found = []
    for half in halves(text):
        said = f" {plain(half)} "
        if "{n}" in template:
            said = said.replace("1", " ", 1)
        said = re.sub(r"\baktivitet(en)?\b(?=\W*\d?\W*$|\W*:)|\b(in|to|of )?activity\b|[\W_]+", " ", said)
        found.append(" ".join(said.split()))
    name = " ".join(re.sub(r"\{n\}|[\W_]+", " ", plain(template)).split())
    return list(dict.fromkeys([*found, name]))


def _likeness(texts: list[str], words: list[str]) -> float:
    """How alike a question is to the best of some texts."""
    best = 0.0
    for text in texts:
        for word in words:
            best = max(best, fuzz.token_sort_ratio(text, word), 0.92 * fuzz.token_set_ratio(text, word) if len(word.split()) > 1 and len(text.split()) > 1 else 0)  # fmt: skip
    return best / 100


def _often(asked: list[_Asked]) -> Counter:
    """How many times each answer was given, to whatever question: options come back from question to question."""
    total: Counter = Counter()
    for one in asked:
        if len(one.answers) <= 100:  # a question with more different answers has no options
            total.update(one.answers)
    return total


def _scored(
    asked: _Asked, names: Mapping[str, list[str]], often: Counter, organizations: Mapping[str, str]
) -> dict[str, Proposal]:
    """For each target how well the question fits it."""
    found = {}
    answers = asked.answers
    total = sum(answers.values())
    for target, words in names.items():
        if asked.table and target in _TOP:
            continue
        if asked.several and target != "phases":
            continue
        likeness = _likeness(asked.texts, words)
        if likeness < 0.35:
            continue
        certainty, why = likeness, "text"
        values: tuple = ()
        unknown = 0
        kind = "phase" if target == "phases" else _KINDS.get(target)
        if kind and answers:
            said = answers
            if target == "phases":
                said = Counter(dict.fromkeys(asked.declared, _OFTEN)) if asked.declared else _parts(answers)
            values, unknown, share = _values(said, kind, asked.declared, often)
            certainty = 0.6 * likeness + 0.4 * share
            why = "text and answers" if share >= 0.5 else "text; its answers are in other words"
            if target == "phases" and not asked.several and not any(";" in answer or ", " in answer for answer in answers):  # fmt: skip
                certainty -= 0.25  # one phase each: where it began
            if target == "phase_began" and asked.several:
                certainty -= 0.25
        elif target in ("patients_n", "professionals_n") and answers:
            share = sum(count for answer, count in answers.items() if re.fullmatch(r"\d{1,4}([.,]0)?", answer)) / total
            certainty, why = 0.7 * likeness + 0.3 * share, "text and numbers" if share > 0.5 else "text"
        elif target == "submitted_at" and answers:
            share = sum(count for answer, count in answers.items() if re.match(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|[2-6]\d{4}(\.\d+)?$", answer)) / total  # fmt: skip
            certainty, why = 0.6 * likeness + 0.4 * share, "text and dates" if share > 0.5 else "text"
        elif target == "response_id" and answers:
            certainty = 0.6 * likeness + 0.4 * (len(answers) == total)
        elif target == "language" and answers:
            share = sum(count for answer, count in answers.items() if plain(answer)[:2] in ("sv", "en", "sw", "no", "da", "fi")) / total  # fmt: skip
            certainty = 0.6 * likeness + 0.4 * share
            values = tuple((answer, "sv", 1.0) for answer in answers if plain(answer) == "swedish")
        elif target == "organization" and organizations and answers:
            known = {plain(name) for name in organizations}
            likely = propose_aliases(list(answers)[:200], organizations)
            share = sum(count for answer, count in answers.items() if plain(answer) in known)
            share += sum(answers[one.spelling] for one in likely if one.certainty >= 0.75)
            certainty, why = 0.5 * likeness + 0.5 * share / total, "text and the study's organizations"
        elif target in ("title", "description") and answers:
            # What somebody calls an activity, or tells of it, differs from one to the next.
            certainty = 0.8 * likeness + 0.2 * min(1, 1.5 * len(answers) / total)
        whole = target if target in _TOP else f"activities.{target}"
        found[whole] = Proposal(whole, asked.template, round(min(certainty, 1.0), 2), why, len(asked.columns), asked.table, values, unknown)  # fmt: skip
    return found


def _parts(answers: Counter) -> Counter:
    """Answers of which one cell holds several, each by itself."""
    found: Counter = Counter()
    for answer, count in answers.items():
        for part in re.split(r"[;\n|]|, ", answer):
            if part.strip():
                found[part.strip()] += count
    return found


def _values(answers: Counter, kind: str, declared: frozenset[str], often: Counter) -> tuple[tuple, int, float]:
    """Answers in others' words with what they most likely mean; how many more there are; the share that is understood."""
    missing = meanings("missing")
    told, unknown = [], 0
    understood = total = 0.0
    for answer, count in answers.items():
        if kind != "place" and kind != "phase" and plain(answer) in missing:
            continue
        total += count
        code, certainty = likely_meaning(answer, kind)
        understood += certainty * count
        if certainty == 1.0:
            continue
        times = max(count, often[answer])
        may_be_shown = answer in declared or times >= _OFTEN or (times > 1 and certainty >= 0.8)
        if may_be_shown and len(answer) <= 120:
            told.append((answer, code, certainty))
        else:
            unknown += 1
    # A free text has many answers, and is no choice of a few.
    distinct = len(told) + unknown
    return tuple(told[:20]), unknown + max(0, len(told) - 20), understood / total * min(1.0, 12 / max(distinct, 1)) if total else 0.0  # fmt: skip


def _matched(found: list[dict[str, Proposal]], asked: list[_Asked]) -> dict[str, Proposal]:
    """Each target with its best question, and each question for one target only."""
    every = sorted((one for each in found for one in each.values()), key=lambda one: -one.certainty)
    most = max((len(one.columns) for one in asked), default=1)
    best: dict[str, Proposal] = {}
    used: set[str] = set()
    for one in every:
        if one.certainty < _LEAST or one.target in best or one.question in used:
            continue
        # Activities come in blocks; what is asked once in a form with blocks is no part of them.
        if one.target.startswith("activities") and most > 1 and one.blocks == 1 and not one.table:
            continue
        best[one.target] = one
        used.add(one.question)
    return best


def _repeats(export: SurveyExport, names: Mapping[str, list[str]], often: Counter) -> dict[str, Proposal]:
    """The activities as rows of a repeating part, of the one that fits best."""
    best: dict[str, Proposal] = {}
    for name, table in export.repeats.items():
        asked = [one for one in _asked(export, table, table=name) if len(one.columns) == 1 or "{n}" not in one.template]
        one = _matched([_scored(each, names, often + _often(asked), {}) for each in asked], asked)
        phases = _phase_columns(export, table, asked)
        if phases is not None and "activities.phases" not in one:
            one["activities.phases"] = replace(phases, table=name)
        if len(one) > len(best):
            best = one
    return best


def _phase_columns(export: SurveyExport, rows: pd.DataFrame, asked: list[_Asked]) -> Proposal | None:
    """Phases that were asked as one question each: names that differ in a phase's name only."""
    stems: dict[str, dict[str, _Asked]] = {}
    for one in asked:
        for word, phase in meanings("phase").items():
            if phase not in PHASES or len(word) < 4:
                continue
            match = re.search(rf"[\[(/_. :–-]\s*{re.escape(word)}\s*[\])]?\s*$", one.template.casefold())
            if match:
                stems.setdefault(one.template[: match.start()].casefold(), {}).setdefault(phase, one)
    # A name that ends in a phase by chance has no siblings.
    full = [mine for mine in stems.values() if len(mine) >= 3]
    if not full:
        return None
    mine = max(full, key=lambda one: (len(one), max(len(each.columns) for each in one.values())))
    told = tuple((phase, mine[phase].template) for phase in PHASES if phase in mine)
    blocks = min(len(one.columns) for one in mine.values())
    return Proposal("activities.phases", told[0][1], 0.9 if len(told) == 4 else 0.7, "one question a phase", blocks, phases=told)  # fmt: skip


# -- statements --------------------------------------------------------------------------------------------------------


def _ratings(export: SurveyExport, rows: pd.DataFrame, asked: list[_Asked]) -> list[Proposal]:
    """Statements on one scale, each under the factor that it is most likely about."""
    closed = [one for one in asked if not one.several and _is_scale(one)]
    scales = Counter(_scale_of(one) for one in closed)
    if not scales:
        return []
    # Statements share one scale; whatever is answered in other words is no statement.
    words = max(scales, key=lambda one: (scales[one], len(one)))
    if scales[words] < 2 and not words <= _our_scale():
        return []
    mine = [one for one in closed if _scale_of(one) <= words and (len(_scale_of(one)) > 1 or len(words) == 1)]
    found: list[Proposal] = []
    before = ""
    for one in mine:
        leaf, likeness = _leaf(one.texts)
        certainty, why = likeness, "text and a scale"
        if likeness < 0.65 and before:
            leaf, certainty, why = before, max(0.5, round(likeness - 0.1, 2)), "it follows a statement on this factor"
        elif likeness < 0.5:
            continue
        before = leaf if likeness >= 0.75 else before
        found.append(Proposal(f"ratings.{leaf}", one.template, certainty, why, reversed_because="its words say that something is not so" if is_negated(one.texts) else ""))  # fmt: skip
    return _against_the_others(export, rows, found)


def _our_scale() -> frozenset[str]:
    return frozenset(plain(text) for option in instrument().scale for text in option.root.values())


def _scale_of(asked: _Asked) -> frozenset[str]:
    return frozenset(plain(half) for answer in asked.answers for half in halves(answer)[-1:]) - set(meanings("missing"))


def _is_scale(asked: _Asked) -> bool:
    """Few short answers, all of them numbers or all words, and none of them what roles, places or phases are called."""
    said = _scale_of(asked)
    if not 1 < len(said) <= 11:
        return False
    if all(re.fullmatch(r"\d{1,2}([.,]0)?", one) for one in said):
        return sum(asked.answers.values()) >= len(said)
    if said <= _our_scale():
        return True
    if any(len(one.split()) > 6 for one in said) or len(said) < 3:
        return False
    return not any(
        sum(likely_meaning(answer, kind)[1] >= 0.75 for answer in asked.answers) >= 0.5 * len(asked.answers)
        for kind in ("role", "place", "phase", "initiated_by", "yes_no")
    )


def _leaf(texts: list[str]) -> tuple[str, float]:
    """The factor that a statement is most likely about: by our own statement, its name, and the codebook's cues."""
    scored = []
    for leaf in codebook().leaves:
        words = [plain(word) for word in instrument().statements[leaf.id].root.values()]
        named = [plain(leaf.label[language]) for language in LANGUAGES]
        best = max(fuzz.token_set_ratio(text, word) for text in texts for word in words) / 100
        if any(leaf.id.replace("_", " ") in text for text in texts):
            best = max(best, 0.9)
        if any(re.search(rf"\b{re.escape(word)}", text) for text in texts for word in named):
            best = max(best, 0.75)
        scored.append((best, leaf.id))
    certainty, likeliest = max(scored)
    return likeliest, round(certainty, 2)


def _against_the_others(export: SurveyExport, rows: pd.DataFrame, found: list[Proposal]) -> list[Proposal]:
    """Statements whose answers go against all the others' are likely worded the other way round; only a scale whose
    order is known can tell."""
    order = {plain(text): float(at) for at, option in enumerate(instrument().scale) for text in option.root.values()}
    scores = {}
    for one in found:
        labelled = export.labelled(rows[one.question].iloc[:_ENOUGH_ROWS].astype(str), one.question)

        def score(answer: str) -> float | None:
            said = [plain(half) for half in halves(answer.strip())]
            known = next((order[half] for half in said if half in order), None)
            return known if known is not None else float(said[0]) if re.fullmatch(r"\d{1,2}", said[0]) else None

        scores[one.question] = labelled.map({answer: score(answer) for answer in labelled.unique()}).astype(float)
    table = pd.DataFrame(scores)
    told = []
    for one in found:
        others = table.drop(columns=one.question).mean(axis=1)
        both = table[one.question].notna() & others.notna()
        alike = table.loc[both, one.question].corr(others[both]) if both.sum() >= 30 and table.shape[1] > 2 else 0.0
        if alike < -0.15:
            reason = f"{one.reversed_because} and its answers go against the others'" if one.reversed_because else "its answers go against the others'"  # fmt: skip
            one = replace(one, reversed_because=reason)
        told.append(one)
    return told


# -- as YAML -----------------------------------------------------------------------------------------------------------


def as_yaml(export: SurveyExport, proposals: list[Proposal], name: str) -> str:
    """The proposal as the entry `name` of ``mappings:``, every line with its certainty, doubtful ones marked LOOK."""
    lines = [f"  {name}:  # proposed by `ppp map`: read every line, and correct it"]
    top = {proposal.target: proposal for proposal in proposals if proposal.target in _TOP}
    for key in _TOP:
        if key in top:
            lines += _source(4, key, top[key])
    if "organization" not in top:
        lines.append("    organization: {constant: WRITE THE ID HERE}  # LOOK: no question was recognized")
    ratings = [proposal for proposal in proposals if proposal.target.startswith("ratings.")]
    if ratings:
        lines.append("    ratings:")
        lines.append(f"      scale: {_scale(export, ratings)}  # LOOK: from least to most parity")
        lines.append("      items:")
        for leaf in LEAVES:
            mine = [proposal for proposal in ratings if proposal.target == f"ratings.{leaf}"]
            if mine:
                lines.append(f"        {leaf}:")
            lines += [f"          - {_quoted(one.question)}{_said(one)}" for one in mine]
        turned = [one for one in ratings if one.reversed_because]
        if turned:
            lines.append("      reversed:  # LOOK: statements where agreeing means less parity")
            lines += [f"        - {_quoted(one.question)}  # {one.reversed_because}" for one in turned]
    activities = {one.target: one for one in proposals if one.target.startswith("activities.")}
    title = activities.get("activities.title")
    if title is not None:
        lines.append("    activities:")
        if title.table:
            lines.append(f"      table: {_quoted(title.table)}")
        else:
            lines.append(f"      blocks: {title.blocks}")
        for one in activities.values():
            if (one.blocks, one.table) != (title.blocks, title.table):
                continue
            if one.phases:
                lines.append(f"      phases:{_said(one)}")
                lines += [f"        {phase}: {_quoted(question)}" for phase, question in one.phases]
            else:
                lines += _source(6, one.target.split(".")[1], one)
    return "\n".join(lines) + "\n"


def _said(one: Proposal) -> str:
    return f"  # {one.certainty:.0%}" + ("" if one.certainty >= SURE else f" LOOK: {one.why}")


def _source(indent: int, key: str, one: Proposal) -> list[str]:
    """A question, with what its answers mean where they are in others' words."""
    blanks = " " * indent
    if not one.values and not one.unknown:
        return [f"{blanks}{key}: {_quoted(one.question)}{_said(one)}"]
    lines = [f"{blanks}{key}:", f"{blanks}  column: {_quoted(one.question)}{_said(one)}"]
    known = [value for value in one.values if value[1]]
    if known:
        lines.append(f"{blanks}  values:")
    for answer, code, certainty in known:
        lines.append(
            f"{blanks}    {_quoted(answer)}: {code}  # {certainty:.0%}" + ("" if certainty >= SURE else " LOOK")
        )
    allowed = sorted(set(meanings(_KINDS.get(key, "phase" if key == "phases" else "role")).values()))
    for answer, code, _ in one.values:
        if not code:
            lines.append(f"{blanks}    # {_quoted(answer)}: LOOK: one of {', '.join(allowed)}")
    if one.unknown:
        lines.append(
            f"{blanks}    # LOOK: {one.unknown} more answers have no known meaning; `ppp check` tells their rows"
        )
    return lines


def _quoted(text: str) -> str:
    return yaml.safe_dump(text, allow_unicode=True, width=10_000, default_style='"').strip()


def _templates(columns: list[str]) -> dict[str, list[str]]:
    """Columns that differ in one number only, 1, 2, 3 …, under one name with ``{n}``; the others under their own."""
    found: dict[str, list[str]] = {}
    there = set(columns)
    taken: set[str] = set()
    for column in columns:
        if column in taken:
            continue
        for match in re.finditer(r"(?<!\d)1(?!\d)", column):
            template = column[: match.start()] + "{n}" + column[match.end() :]
            same: list[str] = []
            while (one := template.replace("{n}", str(len(same) + 1))) in there:
                same.append(one)
            if len(same) > 1:
                found[template] = same
                taken.update(same)
                break
        else:
            found[column] = [column]
    return found


def _scale(export: SurveyExport, ratings: list[Proposal]) -> str:
    given: dict[str, str] = {}
    for one in ratings:
        labels = export.labels(one.question)
        for cell in export.answers[one.question].astype(str).iloc[:_ENOUGH_ROWS].unique():
            answer = labels.get(cell.strip(), cell).strip()
            known = [plain(half) for half in halves(answer)]
            if answer and not any(half in meanings("missing") for half in known):
                given.setdefault(plain(answer), answer)
    if given and all(re.fullmatch(r"\d{1,2}", one) for one in given):
        numbers = [int(one) for one in given]
        return f"{{low: {min(numbers)}, high: {max(max(numbers), min(numbers) + 1)}}}"
    order = {plain(text): at for at, option in enumerate(instrument().scale) for text in option.root.values()}
    declared = {plain(label): at for at, label in enumerate(export.labels(ratings[0].question).values())}

    def place(one: str) -> int:
        known = next((order[plain(half)] for half in halves(given[one]) if plain(half) in order), None)
        return known if known is not None else declared.get(one, len(order))

    return "[" + ", ".join(_quoted(given[one]) for one in sorted(given, key=place)) + "]"
