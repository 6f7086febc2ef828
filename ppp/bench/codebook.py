"""What a bench says: the codebook and the words of the buttons, in one language."""

from __future__ import annotations

from ppp.framework import codebook
from ppp.language import Language

__all__ = ["codebook_in", "words_in"]


def codebook_in(language: Language) -> dict:
    """The codebook's places, phases, leaves and special codes, in that language.

    Returns
    -------
    dict
        ``places``, ``phases``, ``leaves`` and ``special``, each a list of codes in the codebook's order, with ``id``,
        ``label``, ``definition``, ``includes`` and ``excludes``.

    Examples
    --------
    >>> from ppp.language import speak
    >>> [code["label"] for code in codebook_in(speak("en"))["phases"]]
    ['Design', 'Plan', 'Implement', 'Evaluate']
    """
    book, code = codebook(), language.code

    def one(entry) -> dict:
        said = {"id": entry.id, "label": entry.label[code], "definition": entry.definition[code]}
        lists = {name: getattr(entry, name)[code] for name in ("includes", "excludes") if hasattr(entry, name)}
        return {**said, "includes": [], "excludes": [], **lists}

    return {name: [one(entry) for entry in getattr(book, name)] for name in ("places", "phases", "leaves", "special")}


def words_in(language: Language) -> dict[str, str]:
    """The words on the benches by name; ``{fields}`` are filled in by the browser."""
    _ = language.gettext
    return {
        "bench": _("Coding bench"),
        "activity": _("Activity"),
        "left": _("{n} left to code", n="{n}"),
        "where": _("{at} of {total}", at="{at}", total="{total}"),
        "progress": _("{done} of {total} coded", done="{done}", total="{total}"),
        "progress_left_out": _(
            "{done} of {total} coded, {skipped} left out", done="{done}", total="{total}", skipped="{skipped}"
        ),
        "show": _("Show"),
        "todo": _("To code"),
        "all": _("All"),
        "coded": _("Coded"),
        "flagged": _("Flagged"),
        "skipped": _("Left out"),
        "order": _("Order"),
        "unsure": _("Least sure first"),
        "worth": _("Most worth a look first"),
        "study": _("As in the study"),
        "find": _("Find words"),
        "keys": _("Keys"),
        "suggestion": _("Suggestion"),
        "same_words": _("You, for the same words"),
        "no_suggestion": _("No suggestion"),
        "sure": _("{share} sure", share="{share}"),
        "take": _("Take it"),
        "map": _("Where and when"),
        "phase": _("Phase"),
        "also": _("also {label}", label="{label}"),
        "one_more": _("One more"),
        "one_more_armed": _("Next cell is one more"),
        "none": _("Not a partnership activity"),
        "not_stated": _("Not stated"),
        "parity": _("Parity, only what the text says:"),
        "supports": _("supports"),
        "barrier": _("barrier"),
        "memo": _("Note"),
        "memo_waits": _("The note is kept with the first code, flag or “leave out”."),
        "leave_out": _("Leave out"),
        "flag": _("Flag for a talk"),
        "undo": _("Undo"),
        "next": _("Next"),
        "previous": _("Previous"),
        "definition_hint": _("Point at a code, or move to it with Tab and the arrows, to read what it means."),
        "excludes": _("Does not include"),
        "saved": _("Saved: {what}", what="{what}"),
        "taken_back": _("Taken back: {what}", what="{what}"),
        "no_code": _("no code"),
        "nothing_to_undo": _("There is nothing to take back."),
        "choose_first": _("Choose a cell first, or N for not a partnership activity, or K to leave it out."),
        "nothing_here": _("Nothing to show here. Choose another list under “Show”."),
        "all_done": _("All is coded. Thank you!"),
        "ready": _("Ready. Everything you choose is saved at once."),
        "offline": _(
            "The kernel does not answer. Steps kept in this browser: {n}. Run the notebook again and they are saved.",
            n="{n}",
        ),
        "saving": _("Saving …"),
        "refused": _("Not saved: {why}", why="{why}"),
        "flagged_now": _("flagged for a talk"),
        "unflagged_now": _("no longer flagged"),
        "skipped_now": _("left out"),
        "key_cells": _("the cell at the same place of the keyboard; again to take it back"),
        "key_shift_cells": _("place not stated"),
        "key_more": _("the next cell is one more, not instead"),
        "key_parity": _("a Parity factor supports; with Shift it is a barrier"),
        "key_enter": _("next activity"),
        "key_arrows": _("back and forth without coding"),
        "key_escape": _("leave the note or search field"),
        "no_text": _("(No text was given.)"),
        # settling
        "settling": _("Settling bench"),
        "settle_progress": _("Differences left: {left}", left="{left}"),
        "to_settle": _("To settle"),
        "settled_ones": _("Settled"),
        "ready_to_settle": _("Choose what counts, then why you differed. It is saved at once."),
        "settled": _("Settled: {what}", what="{what}"),
        "all_settled": _("All differences are settled."),
        "place": _("Place"),
        "phase_began": _("Phase"),
        "parity_name": _("Parity"),
        "what_counts_on": _("{what}: what counts?", what="{what}"),
        "what_counts": _("Now choose what counts."),
        "no_evidence": _("no evidence on Parity"),
        "both": _("Both"),
        "else": _("Something else"),
        "these_count": _("These count"),
        "why_differ": _("Why did you differ?"),
        "ambiguous_text": _("Ambiguous text"),
        "gap_in_rules": _("Gap in the rules"),
        "slip": _("Slip"),
        "true_edge": _("True edge"),
        "kind_ambiguous_text": _("The words can be read in more than one way."),
        "kind_gap_in_rules": _("The codebook does not say what to do here: it should."),
        "kind_slip": _("Somebody pressed or read wrong."),
        "kind_true_edge": _("The activity does sit on the edge between two codes."),
        "reason": _("Reason"),
        "reason_needed": _("Say in a sentence why; a slip needs no reason. Enter saves."),
        "chosen": _("Chosen: {what}.", what="{what}"),
        "choose_then_kind": _("Chosen: {what}. Now say why you differed.", what="{what}"),
    }
