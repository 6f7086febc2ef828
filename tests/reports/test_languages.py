"""Reports are whole in every language, and a language more is a catalogue and a column of the codebook, no code."""

import re
from xml.etree import ElementTree

import html5lib
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from ppp.disclosure import Partition
from ppp.framework import Text, initiatives
from ppp.framework.model import Texts
from ppp.language import available, catalogue, speak
from ppp.reports import Report

SECTIONS = (
    "header",
    "last_step",
    "at_a_glance",
    "matrix",
    "joining",
    "initiation",
    "parity",
    "progress",
    "examples",
    "next_step",
    "shifts",
    "peers",
    "about",
)
READ_ALOUD = ("aria-label", "title", "alt", "data-label", "data-phase", "placeholder")
MADE_UP = "fi"  # a language that Babel knows how to write numbers and dates in, and nobody has translated to


def _marked(text: str) -> str:
    """The text in marks, but for its fields: what stands outside of marks on a page was never translated."""
    parts = re.split(r"(\{\w+\})", text)
    return "".join(part if part.startswith("{") or not part else f"⟦{part}⟧" for part in parts)


@pytest.fixture
def made_up_language(tmp_path, monkeypatch):
    """A catalogue and a column of the codebook for a language that there is no code for."""
    with open(catalogue.LOCALES / "sv" / "LC_MESSAGES" / "ppp.po", "rb") as file:
        known = read_po(file, locale="sv")
    made = Catalog(locale=MADE_UP)
    for message in known:
        if message.id:
            several = isinstance(message.id, tuple)
            made.add(message.id, tuple(map(_marked, message.id)) if several else _marked(message.id))
    folder = tmp_path / MADE_UP / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with open(folder / "ppp.po", "wb") as file:
        write_po(file, made)
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)
    speak.cache_clear()

    def column(self, language):
        return self.root[language] if language in self.root else f"⟦{self.root['en']}⟧"

    def columns(self, language):
        return self.root[language] if language in self.root else [f"⟦{text}⟧" for text in self.root["en"]]

    monkeypatch.setattr(Text, "__getitem__", column)
    monkeypatch.setattr(Texts, "__getitem__", columns)
    yield MADE_UP
    speak.cache_clear()


def _partitions(demo):
    for path in sorted((demo.study.path / "prepared" / "partitions").glob("*.json")):
        yield Partition.read(path)


def _report(partition: Partition, language: str) -> str:
    report = Report(partition, language=language)
    return "".join(getattr(report, name)().html for name in SECTIONS)


def _texts(html: str) -> list[str]:
    """Every text that is seen or read aloud."""
    tree: ElementTree.Element = html5lib.parseFragment(html, container="body", namespaceHTMLElements=False)
    pictures = [element for element in tree.iter() if str(element.tag).endswith("}svg")]
    found = [" ".join(element.itertext()) for element in pictures]  # where a label takes two lines, it is one text
    for element in pictures:
        for text in list(element):
            element.remove(text)
    found += [text for text in tree.itertext() if text.strip()]
    for element in tree.iter():
        found += [element.get(name) for name in READ_ALOUD if element.get(name)]
    return found


def _data(partition: Partition) -> list[str]:
    """Words that are data, or names: the same in every language."""
    named = [partition.study, partition.organization, *partition.waves, *([partition.group] if partition.group else [])]
    words = [name for one in named for name in (one.id, *one.names.values())]
    for step in partition.steps:
        words += [text for one in (step.step, step.came_of_it) if one for text in one.names.values()]
    for one in partition.advice:
        words += [*one.question.names.values(), *one.answer.names.values()]
    words += [one.name for one in initiatives().initiatives] + [one.seed for one in initiatives().initiatives]
    words += [partition.fingerprint, partition.program_version, partition.codebook_version, partition.contact]
    return [*words, "Lind 2014", "CSV", "Excel", "REDCap"]


def _leftover(texts: list[str], data: list[str]) -> set[str]:
    left = set()
    for text in texts:
        if text.startswith("ppp report "):
            continue
        while "⟦" in text:
            text, before = re.sub(r"⟦[^⟦⟧]*⟧", "", text), text
            if text == before:
                break
        for word in sorted(data, key=len, reverse=True):
            if word:
                text = text.replace(word, "").replace(word.lower(), "")
        left |= set(re.findall(r"[^\W\d_]{2,}", text))
    return left


def test_nothing_in_a_report_is_left_untranslated(demo, made_up_language):
    assert made_up_language in available()
    babel = {"ja"}  # "and", which Babel writes between the parts of a list
    months = set(re.findall(r"[^\W\d_]{2,}", " ".join(
        speak(made_up_language).date(step.by) for one in _partitions(demo) for step in one.steps if step.by
    )))  # fmt: skip
    left: dict[str, set] = {}
    for partition in _partitions(demo):
        page = _report(partition, made_up_language)
        assert page.count("⟦") > 300
        words = _leftover(_texts(page), _data(partition)) - babel - months - {"ppp"}
        if words:
            left[partition.organization.id] = words
    assert not left


def test_swedish_and_english_share_no_text_but_data(demo):
    """What stands in both languages letter by letter is a name, a number, or a word that both have."""
    both_have = {"design", "system", "organisation", "program", "ppp"}
    for partition in _partitions(demo):
        english, swedish = (_texts(_report(partition, language)) for language in ("en", "sv"))
        shared = {text.strip() for text in english} & {text.strip() for text in swedish}
        left = _leftover(sorted(shared), _data(partition))
        assert not {word for word in left if word.lower() not in both_have}, partition.slug


def test_numbers_and_dates_follow_the_language(demo):
    partition = next(one for one in _partitions(demo) if one.organization.id == "tranholma")
    assert "31 maj 2027" in _report(partition, "sv")
    assert "31 May 2027" in _report(partition, "en")
    assert re.search(r"\b[1-4],\d\b", _report(partition, "sv"))
    assert re.search(r"\b[1-4]\.\d\b", _report(partition, "en"))
