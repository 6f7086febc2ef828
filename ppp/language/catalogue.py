"""One language: its catalogue, and how it writes numbers, shares, dates and lists."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from ppp.errors import BadInput, Problem, did_you_mean

LOCALES = Path(__file__).parent / "locale"


def available() -> list[str]:
    """The languages that reports can be made in; English first, as it needs no catalogue."""
    return ["en", *sorted(path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/ppp.po"))]


@cache
def speak(language: str) -> Language:
    """The language with this two-letter code.

    Raises
    ------
    BadInput
        Where there is no catalogue for it.

    Examples
    --------
    >>> speak("sv").number(3.25, decimals=1)
    '3,2'
    """
    if language not in available():
        raise BadInput(
            Problem(f"There is no catalogue for the language “{language}”.", mend=did_you_mean(language, available()))
        )
    if language == "en":
        return Language("en", gettext.NullTranslations())
    with open(LOCALES / language / "LC_MESSAGES" / "ppp.po", "rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(language, gettext.GNUTranslations(compiled))


@dataclass(frozen=True)
class Language:
    """How one language says things. Get one from `speak`."""

    code: str
    translations: gettext.NullTranslations

    @property
    def locale(self) -> Locale:
        """Babel's locale of it."""
        return Locale.parse({"en": "en_GB"}.get(self.code, self.code))

    def gettext(self, text: str, /, **values: object) -> str:
        """The text in this language, its ``{names}`` filled in."""
        return self.translations.gettext(text).format(**values)

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The text for one or for many; ``{n}`` is the number, written out as the language does."""
        return self.translations.ngettext(one, many, n).format(n=self.number(n), **values)

    def number(self, value: float, decimals: int = 0) -> str:
        """The number with exactly so many decimals.

        Examples
        --------
        >>> speak("en").number(1234.5, 1), speak("sv").number(-2, 1), speak("en").number(-0.01, 1)
        ('1,234.5', '−2,0', '0.0')
        """
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        text = format_decimal(value, pattern, locale=self.locale).replace("-", "−")
        # What rounds to zero has no sign.
        return text if any(one in "123456789" for one in text) else text.removeprefix("−")

    def signed(self, value: float, decimals: int = 0) -> str:
        """The number with its sign, also where it is more than zero.

        Examples
        --------
        >>> speak("en").signed(0.25, 1), speak("sv").signed(-1, 1), speak("en").signed(0)
        ('+0.2', '−1,0', '0')
        """
        return ("+" if round(value, decimals) > 0 else "") + self.number(value, decimals)

    def share(self, value: float) -> str:
        """A share from 0 to 1 as whole per cent, with the language's own spacing."""
        return format_percent(value, locale=self.locale)

    def date(self, day: date) -> str:
        """The date in words."""
        return format_date(day, "long", locale=self.locale)

    def listing(self, items: Iterable[str], style: Literal["standard", "or", "unit"] = "standard") -> str:
        """The items as one phrase: "a, b and c".

        Examples
        --------
        >>> speak("sv").listing(["plan", "design", "drift"])
        'plan, design och drift'
        """
        return format_list(list(items), style=style, locale=self.locale)


def capital(text: str) -> str:
    """With a capital, to begin a sentence or a heading: a wave named "hösten 2026" stands in both.

    Examples
    --------
    >>> capital("hösten 2026")
    'Hösten 2026'
    """
    return text[:1].upper() + text[1:]
