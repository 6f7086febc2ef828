"""Why an answer is missing, told from the words that a survey tool or its author used for it."""

from __future__ import annotations

import re

from ppp.surveys.text import plain

__all__ = ["reason_of"]

_PATTERNS = [
    ("not_shown", r"not (shown|asked|displayed|presented)|skip pattern|filter|inte (visad|ställd)|ej (ställd|visad|tillfrågad)|ikke stillet|legitimate skip"),
    ("refused", r"refus|prefer not|rather not|decline|(vill|ønsker|önskar) (inte|ej|ikke)( att| at)? (svara|uppge|svare|oplyse)|vägra|keine angabe|will not say"),
    ("dont_know", r"don.?t know|do not know|\bdk\b|unsure|not sure|vet (inte|ej|ikke)|ved ikke|osäker|weiß nicht|no sabe|ne sait pas|no opinion|ingen åsikt"),
    ("not_applicable", r"not applicable|\bn/?a\b|inapplicable|inte (aktuellt|tillämplig|relevant)|ej (aktuellt|tillämplig|relevant)|ikke relevant|irrelevant|does not apply"),
]  # fmt: skip


def reason_of(label: str, *, otherwise: str = "skipped") -> str:
    """One of `ppp.tables.MISSING_REASONS`.

    Examples
    --------
    >>> reason_of("Vill ej svara"), reason_of("No answer")
    ('refused', 'skipped')
    """
    said = plain(label)
    return next((reason for reason, pattern in _PATTERNS if re.search(pattern, said)), otherwise)
