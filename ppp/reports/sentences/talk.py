"""What is worth a talk: a claim from the data, a question to ask each other, and the rule that raised it."""

from __future__ import annotations

from collections.abc import Callable

from ppp.framework import LEAVES, codebook, indicators
from ppp.language import capital
from ppp.measures import gaps
from ppp.reports.sentences.sentence import Evidence, Question, of
from ppp.reports.view import Row, View

__all__ = ["lowest", "questions", "raised", "three"]


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
            "count": view.count(row["yes_n"], row["known_n"]),
        }
        if row["statement"] == "ratings_above_facts" and not row["yes_n"]:
            values["total"] = say.number(row["known_n"])
            text = say.gettext(
                "{role} rate parity in {leaf} high, {mean} {scale}. Yet this was so in none of {total} activities: {fact}.",
                **{name: value for name, value in values.items() if name != "count"},
            )
        elif row["statement"] == "ratings_above_facts":
            text = say.gettext(
                "{role} rate parity in {leaf} high, {mean} {scale}. Yet {fact} in only {count} activities.",
                **values,
            )
        else:
            text = say.gettext(
                "{role} rate parity in {leaf} low, {mean} {scale}. Yet {fact} in {count} activities.", **values
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
    found = []
    for one in indicators().signals:
        row = view.one("signals", signal=one.id, state="raised")
        if row is None:
            continue
        text = _SIGNALS[one.id](view, int(row["n"]), int(row["of_n"]))
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


def _only_in_evaluate(view: View, n: int, total: int) -> str:
    return view.say.gettext(
        "Patients were asked afterwards only: all {n} activities whose phase is known began in evaluate.",
        n=view.say.number(n),
    )


def _front_line(view: View, n: int, total: int) -> str:
    return view.say.gettext(
        "{count} activities on the map are in direct care or at clinics. No activity on the map is where the organization "
        "sets its course.",
        count=capital(view.count(n, total, known=True)),
    )  # fmt: skip


def _added_late(view: View, n: int, total: int) -> str:
    say = view.say
    began = say.gettext("Professionals began {total} of the activities on the map.", total=say.number(total))
    if n == total:
        late = say.gettext("In all of them, patients joined when the work was under way or over.")
    else:
        late = say.gettext("In {n} of them, patients joined when the work was under way or over.", n=say.number(n))
    return f"{began} {late}"


def _asked_again(view: View, n: int, total: int) -> str:
    return view.say.gettext(
        "At {count} levels patients were asked afterwards, both in this round and in the one before. On the map they were "
        "in no other phase there.",
        count=view.count(n, total),
    )  # fmt: skip


def _alone(view: View, n: int, total: int) -> str:
    return view.say.gettext(
        "In {count} activities a single patient met two professionals or more.", count=view.count(n, total)
    )


def _unpaid(view: View, n: int, total: int) -> str:
    return view.say.gettext(
        "Patients were not paid in {count} activities. In the others they were.", count=view.count(n, total)
    )


_SIGNALS: dict[str, Callable[[View, int, int], str]] = {
    "only_in_evaluate": _only_in_evaluate,
    "front_line_not_governance": _front_line,
    "added_late": _added_late,
    "asked_again": _asked_again,
    "alone_among_many": _alone,
    "unpaid_while_others_are_paid": _unpaid,
}


def lowest(view: View, role: str) -> list[Row]:
    """Ratings of a role than which it gives none lower, as far as they are told: more than one where they tie."""
    rows = view.rows("parity_ratings", role=role, state="shown")
    found = sorted(rows, key=lambda row: (_height(row), LEAVES.index(row["leaf"])))
    return [row for row in found if _height(row) == _height(found[0])]


def _height(row: Row) -> float:
    """How far above the foot of its scale a mean lies, as it is told: to one decimal."""
    return round(round(row["mean"], 1) - row["scale_low"], 1)


def _is_clearly_low(row: Row) -> bool:
    """Whether the mean lies below the middle of its scale with its whole interval."""
    return (
        row["half_width"] is not None and row["mean"] + row["half_width"] < (row["scale_low"] + row["scale_high"]) / 2
    )


def _weakest(view: View) -> list[Question]:
    """The factors that patients, or else professionals, rate lowest, where that is clearly below the middle."""
    say = view.say
    for role in ("patient", "professional"):
        rows = lowest(view, role)
        if not rows or not all(_is_clearly_low(row) for row in rows):
            continue
        low = rows[0]
        values = {
            "role": view.words.role[role],
            "mean": say.number(low["mean"], 1),
            "scale": view.scale(low),
        }
        if len(rows) == 1:
            text = say.gettext(
                "{role} rate parity in {leaf} lowest: {mean} {scale}.",
                leaf=view.words.leaf[low["leaf"]].lower(), **values,
            )  # fmt: skip
        elif len(rows) <= _NAMED:
            text = say.gettext(
                "{role} rate parity lowest in {leaves}: {mean} each, {scale}.",
                leaves=say.listing(view.words.leaf[row["leaf"]].lower() for row in rows), **values,
            )  # fmt: skip
        else:
            text = say.gettext(
                "{role} rate parity equally low in several factors: {mean} each, {scale}. One of them is {leaf}.",
                leaf=view.words.leaf[low["leaf"]].lower(), **values,
            )  # fmt: skip
        if len({(row["respondents_from"], row["respondents_to"]) for row in rows}) == 1:
            text += " " + say.gettext("{people} people answered.", people=view.people(low))
        else:
            least = min(row["respondents_from"] for row in rows)
            text += " " + say.gettext("Each was rated by at least {n} people.", n=say.number(least))
        why = say.gettext("That role rates nothing lower, and the whole interval lies below the middle of the scale.")
        question = _asked(view, low["leaf"], 2)
        return [Question("weakest", text, of("parity_ratings", rows), question, why, f"leaf {low['leaf']}")]
    return []


_NAMED = 3  # factors that a sentence names; where more tie, it says that there are several


def _barrier(view: View) -> list[Question]:
    """The factors that most texts tell of as a barrier, where two or more do."""
    say = view.say
    rows = [row for row in view.rows("coded_evidence", polarity="barrier", state="shown") if row["activities_n"] >= 2]
    if not rows:
        return []
    most = max(row["activities_n"] for row in rows)
    rows = sorted((row for row in rows if row["activities_n"] == most), key=lambda row: LEAVES.index(row["leaf"]))
    leaves = [view.words.leaf[row["leaf"]].lower() for row in rows]
    text = say.gettext(
        "{n} descriptions tell of something that stands in the way of parity in {leaf}.",
        n=say.number(most), leaf=leaves[0],
    )  # fmt: skip
    if 1 < len(rows) <= _NAMED:
        text += " " + say.gettext("As many tell of it in {leaves}.", leaves=say.listing(leaves[1:]))
    elif len(rows) > _NAMED:
        text += " " + say.gettext("As many tell of it in several other factors.")
    why = (
        say.gettext("Of all factors, this is the one that most texts name as a barrier.")
        if len(rows) == 1
        else say.gettext("No factor is named as a barrier by more texts.")
    )
    question = _asked(view, rows[0]["leaf"], 3)
    return [Question("barrier", text, of("coded_evidence", rows), question, why, f"leaf {rows[0]['leaf']}")]


def _unknown(view: View) -> list[Question]:
    """The condition that is not known in most activities."""
    rows = view.rows("parity_facts", state="shown")
    rows = [row for row in rows if row["unknown_n"] >= 3 and row["unknown_n"] > row["yes_n"] + row["no_n"]]
    if not rows:
        return []
    most = max(rows, key=lambda row: (row["unknown_n"], -LEAVES.index(row["leaf"])))
    text = view.say.gettext(
        "In {count} activities nobody could say whether {fact}.",
        count=view.count(most["unknown_n"], most["yes_n"] + most["no_n"] + most["unknown_n"]),
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
            "On the map patients take no part in {cell}, yet they do right beside it.",
            cell=view.words.cell(cell.place, cell.phase),
        )  # fmt: skip
        why = view.say.gettext("The cell is empty, and {n} of the cells beside it are filled.", n=cell.neighbours_n)
        question = view.say.gettext("What would it take to work together there?")
        evidence: tuple[Evidence, ...] = of("coverage", rows)
        found.append(Question("empty", text, evidence, question, why, f"cell {cell.place} {cell.phase}"))
    return found
