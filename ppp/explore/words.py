"""The names of codes, roles and views in one language."""

from __future__ import annotations

from ppp.framework import codebook
from ppp.language import speak

__all__ = ["Words"]


class Words:
    """Labels in one language: of codes from the codebook, of all else from the catalogue."""

    def __init__(self, language: str) -> None:
        self.say = speak(language)
        _ = self.say.gettext
        book = codebook()
        self.place: dict[str, str] = {code.id: code.label[language] for code in book.places}
        self.phase: dict[str, str] = {code.id: code.label[language] for code in book.phases}
        self.leaf: dict[str, str] = {code.id: code.label[language] for code in book.leaves}
        self.role = {
            "patient": _("Patients"),
            "relative": _("Relatives"),
            "professional": _("Professionals"),
            "other": _("Others"),
        }
        self.view = {
            "matrix": _("Matrix"),
            "parity": _("Parity"),
            "gap": _("Parity gap"),
            "change": _("Change"),
        }
        self.title = {
            "matrix": _("Activities by place and phase"),
            "parity": _("Mean rating of each factor of Parity"),
            "gap": _("Parity gap: patients’ minus professionals’ mean rating"),
            "change": _("Change of the mean rating since the wave before"),
        }
        self.basis = {
            "began": _("in the phase where collaboration began"),
            "present": _("in every phase where patients are present"),
        }
