"""Every text of the reports is there in every language."""

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import ppp
from ppp.errors import BadInput
from ppp.language import available, speak
from ppp.language.catalogue import LOCALES

PACKAGE = ppp.__path__[0]
CATALOGUES = [language for language in available() if language != "en"]


def _texts() -> set[str]:
    found = extract_from_dir(
        PACKAGE,
        method_map=[("**.py", "python"), ("**/sections/**.j2", "jinja2")],
        options_map={"**/sections/**.j2": {"silent": "false"}},
        keywords={"_": None, "gettext": None, "ngettext": (1, 2)},
    )
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def _catalogue(language: str):
    with open(LOCALES / language / "LC_MESSAGES" / "ppp.po", "rb") as file:
        return read_po(file, locale=language)


def _fields(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_there_are_texts_to_translate():
    assert len(_texts()) > 50


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_catalogue_holds_every_text_and_no_other(language):
    there = {message.id if isinstance(message.id, str) else message.id[0] for message in _catalogue(language)} - {""}
    assert there == _texts()


@pytest.mark.parametrize("language", CATALOGUES)
def test_translations_are_filled_in_and_have_the_same_fields(language):
    for message in _catalogue(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), f"not translated: {ids[0]}"
        assert not message.fuzzy
        may_lack = {"n"} if len(ids) > 1 else set()  # "one cell" needs no number
        for string in strings:
            assert _fields(string) | may_lack == _fields(ids[-1]) | may_lack, f"fields differ: {ids[0]}"


def test_numbers_follow_the_language():
    assert speak("sv").number(1234.5, 1) == "1\N{NO-BREAK SPACE}234,5"
    assert speak("en").number(1234.5, 1) == "1,234.5"
    assert speak("sv").share(0.5) == "50\N{NO-BREAK SPACE}%"


def test_an_unknown_language_is_bad_input():
    with pytest.raises(BadInput, match="no catalogue"):
        speak("xx")
