"""The names of roles, facts and the like, as reports say them."""

from __future__ import annotations

from ppp.disclosure.partition import Naming
from ppp.framework import codebook, kinds
from ppp.language import Language
from ppp.reports.look import name

__all__ = ["Words"]


class Words:
    """Labels in one language: of codes from the codebook, of all else from the catalogue."""

    def __init__(self, say: Language) -> None:
        _ = say.gettext
        book = codebook()
        self.say = say
        self.place: dict[str, str] = {code.id: code.label[say.code] for code in book.places}
        self.phase: dict[str, str] = {code.id: code.label[say.code] for code in book.phases}
        self.leaf: dict[str, str] = {code.id: code.label[say.code] for code in book.leaves}
        self.kind = {kind.id: kind.label[say.code] for kind in kinds().kinds}
        self.role = {
            "patient": _("Patients"),
            "relative": _("Relatives"),
            "professional": _("Professionals"),
            "other": _("Others"),
            "not_stated": _("Role not stated"),
        }
        self.initiator = {
            "patients": _("Patients"),
            "jointly": _("Jointly"),
            "professionals": _("Professionals"),
            "not_stated": _("Not stated"),
        }
        self.fact = {
            "even_numbers": _("At least as many patients as professionals took part"),
            "not_alone": _("More than one patient took part"),
            "compensated": _("Patients were paid for their time"),
            "expenses_paid": _("Patients’ expenses were paid"),
            "training_given": _("Those who took part were prepared or trained"),
            "contact_named": _("Patients had a named contact person"),
            "lead_rotates": _("Leading roles went round among all members"),
        }
        self.met = {
            "even_numbers": _("at least as many patients as professionals took part"),
            "not_alone": _("more than one patient took part"),
            "compensated": _("patients were paid for their time"),
            "expenses_paid": _("patients’ expenses were paid"),
            "training_given": _("those who took part were prepared or trained"),
            "contact_named": _("patients had a named contact person"),
            "lead_rotates": _("leading roles went round among all members"),
        }
        self.gap = {
            "patients_higher": _("patients rate it higher"),
            "professionals_higher": _("patients rate it lower"),
            "no_clear_gap": _("no clear gap"),
            "cannot_say": _("cannot say: too few answers"),
        }
        self.change = {
            "higher": _("clearly higher"),
            "lower": _("clearly lower"),
            "no_clear_change": _("no clear change"),
            "cannot_say": _("cannot say: too few answers"),
        }
        self.position = {
            "inside": _("no different from the group"),
            "above": _("above the group"),
            "below": _("below the group"),
        }
        self.dimension = {
            "place": _("Level"),
            "phase_began": _("Phase in which it began"),
            "parity": _("Factors of parity"),
        }
        self.status = {
            "done": _("done"),
            "under_way": _("under way"),
            "not_begun": _("not begun"),
            "dropped": _("dropped"),
        }
        self.else_changed = {
            "instrument": _("the questions asked"),
            "who_answered": _("the mix of those who answered"),
            "codebook": _("the codebook"),
            "coders": _("those who placed the activities on the map"),
        }
        self.coding = {
            "settled": _("Placed by coders who settled it together"),
            "double_coded": _("Placed alike by two coders, each on their own"),
            "single_coded": _("Placed by one coder"),
            "no_partnership": _("Not a partnership activity"),
            "placed_by_respondent": _("Placed by the people who reported them"),
            "placed_by_suggestion": _("Placed by the program from their description"),
            "not_stated": _("Place or phase stated as not known"),
            "not_yet_coded": _("Not yet coded"),
        }

    def cell(self, place: str, phase: str) -> str:
        """A cell of the matrix by its two names."""
        return f"{self.place[place]} · {self.phase[phase]}"

    def people(self, low: int, high: int) -> str:
        """A band of persons."""
        return self.say.gettext("{low} to {high}", low=self.say.number(low), high=self.say.number(high))

    def name(self, naming: Naming) -> str:
        """A study's, organization's or wave's name."""
        return name(naming.name(self.say.code))
