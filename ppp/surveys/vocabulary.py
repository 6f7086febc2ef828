"""What answers in our own words mean, in English and Swedish; a mapping's ``values`` adds to it."""

from __future__ import annotations

from functools import cache

from ppp.framework import LANGUAGES, NOT_STATED, codebook
from ppp.surveys.text import plain

__all__ = ["MISSING_WORDS", "meanings"]

MISSING_WORDS = {
    "dont_know": ["vet inte", "vet ej", "don't know", "don’t know", "do not know", "dont know", "unsure", "osäker"],
    "not_applicable": ["inte aktuellt", "ej aktuellt", "ej tillämpligt", "inte tillämpligt", "not applicable", "n/a"],
    "refused": ["vill inte svara", "vill ej svara", "prefer not to say", "prefer not to answer", "refused"],
}
"""Answers that say why there is no answer."""

_ROLES = {
    "patient": ["patient", "patients", "patienter", "brukare", "service user", "jag är patient"],
    "relative": [
        "närstående",
        "anhörig",
        "anhöriga",
        "relative",
        "family",
        "family member",
        "carer",
        "caregiver",
        "next of kin",
        "förälder",
        "parent",
    ],
    "professional": [
        "professional",
        "professionals",
        "medarbetare",
        "personal",
        "vårdpersonal",
        "vårdens medarbetare",
        "staff",
        "staff member",
        "employee",
        "clinician",
        "health professional",
        "health care professional",
        "anställd",
        "vårdprofession",
        "profession",
    ],
    "other": ["annan", "annat", "andra", "övrig", "övriga", "other", "others", "something else"],
}
_YES_NO = {
    "yes": ["ja", "yes", "y", "j", "true", "sant", "1", "checked"],
    "no": ["nej", "no", "n", "false", "falskt", "0", "unchecked"],
}
_INITIATORS = {
    "patients": ["patienter", "patienterna", "patients", "patient", "patienter eller närstående", "patients or relatives", "patients or family", "patienten"],
    "professionals": ["medarbetare", "medarbetarna", "personal", "personalen", "vården", "professionals", "staff", "vårdens medarbetare", "professionen", "the clinic"],
    "jointly": ["tillsammans", "gemensamt", "båda tillsammans", "jointly", "together", "both", "both together", "båda"],
}  # fmt: skip
_NOT_STATED = ["vet inte", "vet ej", "don't know", "don’t know", "do not know", "oklart", "unclear", "inte angivet", "ej angivet", "not stated", "not known", "unknown", "okänt", "osäker", "unsure"]  # fmt: skip


@cache
def meanings(kind: str) -> dict[str, str]:
    """Known answers and what they mean.

    Parameters
    ----------
    kind
        "role", "yes_no", "initiated_by", "place", "phase" or "missing".

    Returns
    -------
    dict
        From an answer as `ppp.surveys.text.plain` writes it, to the value in the tidy tables.
    """
    if kind in ("place", "phase"):
        book = codebook()
        known = {NOT_STATED: NOT_STATED, **dict.fromkeys(map(plain, _NOT_STATED), NOT_STATED)}
        for code in book.places if kind == "place" else book.phases:
            words = [code.id, code.id.replace("_", " ")]
            for language in LANGUAGES:
                words += [code.label[language], *code.aliases[language]]
            known.update({plain(word): code.id for word in words})
        return known
    lists = {"role": _ROLES, "yes_no": _YES_NO, "initiated_by": _INITIATORS, "missing": MISSING_WORDS}[kind]
    return {plain(word): value for value, words in lists.items() for word in (value, *words)}
