"""The form as files that survey tools take in, and as a page to print.

REDCap and Qualtrics hold one language a form: asked for two, each text holds both, "sv / en".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from html import escape

import jinja2
from openpyxl import Workbook

from ppp.surveys.instrument.form import Form, Question, Words

__all__ = ["FORMATS", "REDCAP_COLUMNS", "SUFFIXES"]

REDCAP_COLUMNS = (
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
"""REDCap's data dictionary, in its order."""

_LANGUAGE_NAMES = {"en": "English", "sv": "Svenska"}
_LIMESURVEY = ("id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation", "mandatory", "encrypted", "other", "default", "same_default")  # fmt: skip


def redcap(form: Form, languages: Sequence[str]) -> bytes:
    """REDCap's data dictionary (CSV)."""
    rows = [dict(zip(REDCAP_COLUMNS, ("record_id", "partnership", "", "text", "Record ID"), strict=False))]
    for key, heading, questions in form.sections:
        for question in questions:
            choices = " | ".join(
                f"{option.value}, {_both(option.words, languages).replace('|', '-')}" for option in question.options
            )
            is_number = question.kind == "number"
            kind = {"single": "radio", "multiple": "checkbox", "notes": "notes"}.get(question.kind, "text")
            row = {
                "Variable / Field Name": question.name,
                "Form Name": "partnership",
                "Section Header": _both(heading, languages) if question is questions[0] else "",
                "Field Type": kind,
                "Field Label": _both(question.words, languages),
                "Choices, Calculations, OR Slider Labels": choices,
                "Field Note": _both(question.hint, languages) if question.hint else "",
                "Text Validation Type OR Show Slider Number": "integer" if is_number else "",
                "Text Validation Min": "0" if is_number else "",
                "Text Validation Max": "100000" if is_number else "",
                "Branching Logic (Show field only if...)": f"[{before}] <> ''" if (before := _before(question)) else "",
                "Matrix Group Name": "parity" if key == "parity" else "",
            }
            rows.append(row)
    text = io.StringIO()
    writer = csv.DictWriter(text, REDCAP_COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def xlsform(form: Form, languages: Sequence[str]) -> bytes:
    """An XLSForm, for KoboToolbox, ODK and Ona."""
    book = Workbook()
    survey, choices, settings = book.active, book.create_sheet("choices"), book.create_sheet("settings")
    survey.title = "survey"

    def each(words: Words | None) -> list[str]:
        return [words[language] if words else "" for language in languages]

    named = [f"{_LANGUAGE_NAMES.get(language, language)} ({language})" for language in languages]
    labels, hints = ([f"{what}::{name}" for name in named] for what in ("label", "hint"))
    survey.append(["type", "name", *labels, *hints, "required", "relevant", "constraint", "appearance"])
    choices.append(["list_name", "name", *labels])
    settings.append(["form_title", "form_id", "version", "default_language"])
    settings.append([form.title[languages[0]], "ppp_partnership", form.version, named[0]])
    for meta in ("start", "end"):
        survey.append([meta, meta])
    survey.append(["note", "ppp_intro", *each(form.intro)])
    lists: dict[tuple, str] = {}
    for key, heading, questions in form.sections:
        relevant = f"${{{before}}} != ''" if (before := _before(questions[0])) else ""
        survey.append(["begin_group", f"ppp_{key}", *each(heading), *each(None), "", relevant, "", "field-list"])
        for question in questions:
            kind = {"text": "text", "notes": "text", "number": "integer"}.get(question.kind)
            constraint = ". >= 0 and . <= 100000" if question.kind == "number" else ""
            if question.options:
                options = tuple(option.value for option in question.options)
                if options not in lists:
                    lists[options] = re.sub(r"^act\d+_", "", question.name)
                    for option in question.options:
                        choices.append([lists[options], option.value, *each(option.words)])
                kind = f"select_{'one' if question.kind == 'single' else 'multiple'} {lists[options]}"
            appearance = "multiline" if question.kind == "notes" else ""
            survey.append([kind, question.name, *each(question.words), *each(question.hint), "", "", constraint, appearance])  # fmt: skip
        survey.append(["end_group"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def limesurvey(form: Form, languages: Sequence[str]) -> bytes:
    """LimeSurvey's tab-separated survey structure (.txt). Its codes allow no underscore: ``act1title``, answers A1, A2 …"""
    rows: list[dict[str, str]] = []

    def add(kind: str, scale: str = "", name: str = "", text: str = "", language: str = "", **more: str) -> None:
        rows.append({"class": kind, "type/scale": scale, "name": name, "text": text, "language": language, **more})

    add("S", name="language", text=languages[0])
    add("S", name="additional_languages", text=" ".join(languages[1:]))
    add("S", name="anonymized", text="Y")
    add("S", name="datestamp", text="Y")
    for language in languages:
        add("SL", name="surveyls_title", text=form.title[language], language=language)
        add("SL", name="surveyls_welcometext", text=escape(form.intro[language]), language=language)
    number = 0
    for order, (key, heading, questions) in enumerate(form.sections, start=1):
        for language in languages:
            number_here = number
            relevance = f"!is_empty({_bare(before)}.NAOK)" if (before := _before(questions[0])) else "1"
            add("G", str(order - 1), heading[language], "", language, id=str(order), relevance=relevance)
            if key == "parity":
                number_here += 1
                add("Q", "F", "parity", heading[language], language, id=str(number_here), relevance="1", mandatory="N")
                for question in questions:
                    name = _bare(question.name.removeprefix("par_"))
                    add("SQ", "0", name, question.words[language], language, relevance="1")
                _answers(add, questions[0], language)
                continue
            for question in questions:
                number_here += 1
                kind = {"single": "L", "multiple": "M", "text": "S", "notes": "T", "number": "N"}[question.kind]
                hint = question.hint[language] if question.hint else ""
                add("Q", kind, _bare(question.name), question.words[language], language, id=str(number_here), help=hint, relevance="1", mandatory="N")  # fmt: skip
                if question.kind == "single":
                    _answers(add, question, language)
                for option in question.options if question.kind == "multiple" else ():
                    add("SQ", "0", _bare(option.value), option.words[language], language, relevance="1")
        number += 1 if key == "parity" else len(questions)
    text = io.StringIO()
    writer = csv.DictWriter(text, _LIMESURVEY, restval="", delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _answers(add: Callable, question: Question, language: str) -> None:
    for at, option in enumerate(question.options, start=1):
        add("A", "0", f"A{at}", option.words[language], language)


def qualtrics(form: Form, languages: Sequence[str]) -> bytes:
    """Qualtrics' Advanced Format (.txt), for Import Survey."""
    kinds = {
        "single": "MC:SingleAnswer:Vertical",
        "multiple": "MC:MultipleAnswer:Vertical",
        "notes": "TE:Essay",
    }
    lines = ["[[AdvancedFormat]]", ""]
    for at, (_, heading, questions) in enumerate(form.sections):
        lines += [f"[[Block:{_both(heading, languages)}]]", ""]
        if at == 0:
            lines += ["[[Question:DB]]", _both(form.intro, languages), ""]
        for question in questions:
            hint = f" ({_both(question.hint, languages)})" if question.hint else ""
            lines += [f"[[Question:{kinds.get(question.kind, 'TE:SingleLine')}]]", f"[[ID:{question.name}]]"]
            lines += [_both(question.words, languages) + hint, ""]
            if question.options:
                lines.append("[[AdvancedChoices]]")
                for number, option in enumerate(question.options, start=1):
                    lines += [f"[[Choice:{number}]]", _both(option.words, languages)]
                lines.append("")
    return "\n".join(lines).encode("utf-8")


_PAGE = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""<!doctype html>
<html lang="{{ languages[0] }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ form.title[languages[0]] }}</title>
<style>
body { font: 12pt/1.4 "Helvetica Neue", Arial, sans-serif; color: #111; background: #fff; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6em; } h2 { font-size: 1.2em; border-bottom: 2px solid #111; margin-top: 2em; }
fieldset { border: 0; border-bottom: 1px solid #999; margin: 0; padding: .6em 0; break-inside: avoid; }
legend, .ask { font-weight: bold; padding: 0; display: block; }
.hint { margin: .1em 0; }
.options label { display: block; padding: .1em 0; }
.scale .options label { display: inline-block; margin-right: 1.2em; }
input[type=text], textarea { width: 100%; box-sizing: border-box; border: 1px solid #111; font: inherit; }
.number input { width: 6em; }
form + form { break-before: page; }
.activity { break-before: page; }
@page { margin: 18mm; } @media print { body { margin: 0; max-width: none; } }
</style>
</head>
<body>
{% for language in languages %}
<form lang="{{ language }}" aria-label="{{ form.title[language] }}">
<h1>{{ form.title[language] }}</h1>
<p>{{ form.intro[language] }}</p>
{% for key, heading, questions in form.sections %}
<section{% if key.startswith("activity") %} class="activity"{% endif %}>
<h2>{{ heading[language] }}</h2>
{% for question in questions %}
{% set id = language ~ "-" ~ question.name %}
<fieldset class="{{ 'scale' if key == 'parity' else question.kind }}">
{% if question.options %}
<legend>{{ question.words[language] }}</legend>
<div class="options">
{% for option in question.options %}
<label><input type="{{ 'checkbox' if question.kind == 'multiple' else 'radio' }}" name="{{ id }}" value="{{ option.value }}"> {{ option.words[language] }}</label>
{% endfor %}
</div>
{% else %}
<label class="ask" for="{{ id }}">{{ question.words[language] }}</label>
{% if question.hint %}<p class="hint" id="{{ id }}-hint">{{ question.hint[language] }}</p>{% endif %}
{% set described = ' aria-describedby="' ~ id ~ '-hint"' if question.hint else '' %}
{% if question.kind == "notes" %}<textarea id="{{ id }}" rows="5"></textarea>
{% else %}<input type="text" id="{{ id }}"{{ described | safe }}>
{% endif %}
{% endif %}
</fieldset>
{% endfor %}
</section>
{% endfor %}
<p class="hint">{{ form.version }}</p>
</form>
{% endfor %}
</body>
</html>
""")


def page(form: Form, languages: Sequence[str]) -> bytes:
    """One self-contained HTML page to print, one form a language."""
    return _PAGE.render(form=form, languages=list(languages)).encode("utf-8")


def _both(words: Words, languages: Sequence[str]) -> str:
    return " / ".join(words[language] for language in languages)


def _bare(name: str) -> str:
    return name.replace("_", "")


def _before(question: Question) -> str:
    """The title of the activity before this one: without it, the next is not asked for."""
    return f"act{question.block - 1}_title" if question.block > 1 else ""


FORMATS: dict[str, Callable[[Form, Sequence[str]], bytes]] = {
    "redcap": redcap,
    "xlsform": xlsform,
    "limesurvey": limesurvey,
    "qualtrics": qualtrics,
    "print": page,
}
"""By their names on the command line."""

SUFFIXES = {"redcap": ".csv", "xlsform": ".xlsx", "limesurvey": ".txt", "qualtrics": ".txt", "print": ".html"}
