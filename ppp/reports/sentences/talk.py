"""What is worth a talk: a claim from the data, a question to ask each other, and the rule that raised it."""

from __future__ import annotations

from collections.abc import Callable

from ppp.framework import LEAVES, codebook, indicators
from ppp.measures import gaps
from ppp.reports.sentences.sentence import Evidence, Question, of
from ppp.reports.view import Row, View

__all__ = ["questions", "raised", "three"]


def questions(view: View) -> list[Question]:
    """Everything that the data give reason to talk about, the weightiest first."""
    found = [*_gap(view), *_strand(view), *raised(view), *_weakest(view), *_barrier(view), *_unknown(view)]
    return [*found, *_empty(view)]


def three(view: View) -> list[Question]:
    """Three of them at the most, each on another topic; first one of each kind, in the order of their weight."""
    found = questions(view)
    chosen: list[Question] = []
    topics: set[str] = set()
    for may_repeat in (False, True):
        for one in found:
            kinds = {other.rule for other in chosen}
            if len(chosen) < 3 and one.topic not in topics and (may_repeat or one.rule not in kinds):
                chosen.append(one)
                topics.add(one.topic)
    return sorted(chosen, key=found.index)


_SAME = ("leaf", "scale_low", "scale_high", "state")
_SIDES = ("patient", "professional")


def _asked(view: View, leaf: str, at: int = 0) -> str:
    return next(one for one in codebook().leaves if one.id == leaf).questions[at][view.say.code]


def _gap(view: View) -> list[Question]:
    """Clear gaps between patients and professionals, the widest first."""
    say = view.say
    rows = [row for row in view.rows("parity_gap", state="shown") if row["statement"] != "no_clear_gap"]
    rows.sort(key=lambda row: (-abs(row["gap"]), LEAVES.index(row["leaf"])))
    found = []
    for row in rows:
        ends = sorted((abs(row["low"]), abs(row["high"])))
        values = {
            "leaf": view.words.leaf[row["leaf"]].lower(),
            "steps": say.number(abs(row["gap"]), 1),
            "low": say.number(ends[0], 1),
            "high": say.number(ends[1], 1),
            "scale": view.scale(row),
        }
        same = {name: row[name] for name in _SAME}
        # Released means are shown on both sides of a gap that is.
        sides = [side for role in _SIDES if (side := view.one("parity_ratings", role=role, **same))]
        if row["statement"] == "professionals_higher":
            text = say.gettext(
                "Patients rate parity in {leaf} {steps} steps lower than professionals do, likely between {low} and "
                "{high}, {scale}.",
                **values,
            )
        else:
            text = say.gettext(
                "Patients rate parity in {leaf} {steps} steps higher than professionals do, likely between {low} and "
                "{high}, {scale}.",
                **values,
            )
        text += " " + say.gettext(
            "{patients} patients and {professionals} professionals rated it.",
            **{f"{role}s": view.people(side) for role, side in zip(_SIDES, sides, strict=True)},
        )
        why = say.gettext("Patients and professionals clearly differ: the interval of the gap does not hold zero.")
        evidence = of("parity_gap", [row]) + of("parity_ratings", sides)
        found.append(Question("gap", text, evidence, _asked(view, row["leaf"]), why, f"leaf {row['leaf']}"))
    return found


def _strand(view: View) -> list[Question]:
    """Ratings and facts that disagree about the same factor."""
    say, found = view.say, []
    for row in view.rows("strands", statement=("ratings_above_facts", "ratings_below_facts")):
        values = {
            "role": view.words.role[row["role"]],
            "leaf": view.words.leaf[row["leaf"]].lower(),
            "mean": say.number(row["mean"], 1),
            "scale": view.scale(row),
            "fact": view.words.met[row["fact"]],
            "n": say.number(row["yes_n"]),
            "total": say.number(row["known_n"]),
        }
        if row["statement"] == "ratings_above_facts" and not row["yes_n"]:
            text = say.gettext(
                "{role} rate parity in {leaf} well, {mean} {scale}. Yet in none of {total} activities it was so that {fact}.",
                **values,
            )
        elif row["statement"] == "ratings_above_facts":
            text = say.gettext(
                "{role} rate parity in {leaf} well, {mean} {scale}. Yet {fact} in only {n} of {total} activities.",
                **values,
            )
        else:
            text = say.gettext(
                "{role} rate parity in {leaf} low, {mean} {scale}. Yet {fact} in {n} of {total} activities.", **values
            )
        why = (
            say.gettext("The mean is clearly in the upper half, and the condition was met in a third or less.")
            if row["statement"] == "ratings_above_facts"
            else say.gettext("The mean is clearly in the lower half, and the condition was met in two thirds or more.")
        )
        question = _asked(view, row["leaf"], 1)
        found.append(Question("strand", text, of("strands", [row]), question, why, f"leaf {row['leaf']}"))
    # The widest disagreement first: few activities with the condition, or many.
    return sorted(found, key=lambda one: _between(one.evidence[0][1]))


def _between(row: Row) -> float:
    share = row["yes_n"] / row["known_n"]
    return min(share, 1 - share)


def raised(view: View) -> list[Question]:
    """Signals of tokenism that the data raise, worded as questions."""
    words = _signal_words(view)
    found = []
    for one in indicators().signals:
        row = view.one("signals", signal=one.id, state="raised")
        if row is None:
            continue
        values = {"n": view.say.number(int(row["n"])), "total": view.say.number(int(row["of_n"]))}
        text = words[one.id](values)
        language = view.say.code
        evidence = of("signals", [row])
        if one.id == "front_line_not_governance":
            evidence += of("coverage", view.rows("coverage", basis="present", place="organization", phase="design"))
        topic = f"leaf {_LEAF_OF[one.id]}" if one.id in _LEAF_OF else one.id
        found.append(Question("signal", text, evidence, one.question[language], one.rule[language], topic))
    return sorted(found, key=_weight)


def _weight(one: Question) -> tuple[bool, int]:
    """Signals that rest on less than half of the activities come after the others."""
    row = one.evidence[0][1]
    return row["n"] * 2 < row["of_n"], _ORDER.index(row["signal"])


_ORDER = (
    "only_in_evaluate",
    "front_line_not_governance",
    "added_late",
    "asked_again",
    "alone_among_many",
    "unpaid_while_others_are_paid",
)
_LEAF_OF = {"alone_among_many": "numbers", "unpaid_while_others_are_paid": "compensation"}


def _signal_words(view: View) -> dict[str, Callable[[dict[str, str]], str]]:
    say = view.say
    return {
        "only_in_evaluate": lambda values: say.gettext(
            "Patients were asked afterwards only: all {n} activities whose phase is known began in evaluate.", **values
        ),
        "front_line_not_governance": lambda values: say.gettext(
            "{n} of {total} activities are in direct care or at clinics. None is where the organization sets its course.",
            **values,
        ),
        "added_late": lambda values: say.gettext(
            "Professionals began {total} activities. In {n} of them patients joined when the work was under way or over.",
            **values,
        ),
        "asked_again": lambda values: say.gettext(
            "At {n} of {total} levels patients were asked afterwards, both in this round and in the one before, and were "
            "in no other phase.",
            **values,
        ),
        "alone_among_many": lambda values: say.gettext(
            "In {n} of {total} activities a single patient met two professionals or more.", **values
        ),
        "unpaid_while_others_are_paid": lambda values: say.gettext(
            "Patients were not paid in {n} of {total} activities. In the others they were.", **values
        ),
    }


def _weakest(view: View) -> list[Question]:
    """The factor that patients, or else professionals, rate lowest, where that is below the middle of the scale."""
    say = view.say
    for role in ("patient", "professional"):
        rows = view.rows("parity_ratings", role=role, state="shown")
        rows = [row for row in rows if row["mean"] < (row["scale_low"] + row["scale_high"]) / 2]
        if not rows:
            continue
        low = min(rows, key=lambda row: (row["mean"] - row["scale_low"], LEAVES.index(row["leaf"])))
        text = say.gettext(
            "{role} rate parity in {leaf} lowest: {mean} {scale}. {people} people answered.",
            role=view.words.role[role],
            leaf=view.words.leaf[low["leaf"]].lower(),
            mean=say.number(low["mean"], 1),
            scale=view.scale(low),
            people=view.people(low),
        )
        why = say.gettext("It is the lowest mean of that role, and below the middle of the scale.")
        question = _asked(view, low["leaf"], 2)
        return [Question("weakest", text, of("parity_ratings", [low]), question, why, f"leaf {low['leaf']}")]
    return []


def _barrier(view: View) -> list[Question]:
    """The factor that most texts tell of as a barrier, where two or more do."""
    rows = [row for row in view.rows("coded_evidence", polarity="barrier", state="shown") if row["activities_n"] >= 2]
    if not rows:
        return []
    most = max(rows, key=lambda row: (row["activities_n"], -LEAVES.index(row["leaf"])))
    text = view.say.gettext(
        "{n} descriptions tell of something that stands in the way of parity in {leaf}.",
        n=view.say.number(most["activities_n"]), leaf=view.words.leaf[most["leaf"]].lower(),
    )  # fmt: skip
    why = view.say.gettext("Of all factors, this is the one that most texts name as a barrier.")
    question = _asked(view, most["leaf"], 3)
    return [Question("barrier", text, of("coded_evidence", [most]), question, why, f"leaf {most['leaf']}")]


def _unknown(view: View) -> list[Question]:
    """The condition that is not known in most activities."""
    rows = view.rows("parity_facts", state="shown")
    rows = [row for row in rows if row["unknown_n"] >= 3 and row["unknown_n"] > row["yes_n"] + row["no_n"]]
    if not rows:
        return []
    most = max(rows, key=lambda row: (row["unknown_n"], -LEAVES.index(row["leaf"])))
    text = view.say.gettext(
        "In {n} of {total} activities nobody could say whether {fact}.",
        n=view.say.number(most["unknown_n"]),
        total=view.say.number(most["yes_n"] + most["no_n"] + most["unknown_n"]),
        fact=view.words.met[most["fact"]],
    )
    why = view.say.gettext("It is not known in more than half of the activities.")
    question = _asked(view, most["leaf"])
    return [Question("unknown", text, of("parity_facts", [most]), question, why, f"leaf {most['leaf']}")]


def _empty(view: View) -> list[Question]:
    """The empty cells nearest to what is done already."""
    rows: list[Row] = view.rows("coverage", basis="present")
    if not rows or not view.filled:
        return []
    found = []
    for cell in gaps(view.filled).itertuples():
        if not cell.neighbours_n:
            break
        text = view.say.gettext(
            "Patients take no part in {cell}, yet they do right beside it on the map.",
            cell=view.words.cell(cell.place, cell.phase),
        )  # fmt: skip
        why = view.say.gettext("The cell is empty, and {n} of the cells beside it are filled.", n=cell.neighbours_n)
        question = view.say.gettext("What would it take to be there together?")
        evidence: tuple[Evidence, ...] = of("coverage", rows)
        found.append(Question("empty", text, evidence, question, why, f"cell {cell.place} {cell.phase}"))
    return found
