"""Make the exports of the demo study: a fictional study, the same bytes every time.

    python data/demo/make_demo.py [FOLDER]

Writes the exports into FOLDER (left out: ``exports`` beside this file). What makes each organization different stands in
``stories.yaml``, what people say they did in ``activity_texts.yaml``, names and questions in ``study.yaml``.

All chance comes from `random.Random.random`, whose numbers Python promises never to change, and the arithmetic on it is
exact: the files do not depend on the machine.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import export_files
import yaml

HERE = Path(__file__).parent
PLACES = ("direct_care", "clinic", "organization", "system")
PHASES = ("design", "plan", "implement", "evaluate")
FACTS = ("compensated", "expenses_paid", "training_given", "contact_named", "lead_rotates")

SHARE_ENGLISH_IN_REGISTERS = 0.4
SHARE_NO_PARTNERSHIP = 0.06
SHARE_NOT_STATED = 0.05
SHARE_GOES_ON = 0.4
"""Of an organization's activities in a wave, those that it told of the wave before too."""
SHARE_PLACED = (0.6, 0.68)
"""Of the activities that can be placed, those that the respondent placed: 55–65 % of all."""
MOST_ACTIVITIES = 3

Thing = TypeVar("Thing")


class Dice:
    """Chance of its own for each organization and wave: a change in one story leaves the others as they were."""

    def __init__(self, *name: str) -> None:
        self._random = random.Random("/".join(("ppp demo", *name))).random

    def happens(self, share: float) -> bool:
        return self._random() < share

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self._random() * (high - low + 1))

    def bell(self) -> float:
        """About normal, mean 0 and standard deviation 1: a sum of three uniform numbers."""
        return 2 * (self._random() + self._random() + self._random()) - 3

    def one(self, things: Sequence[Thing], weights: Sequence[float] | None = None) -> Thing:
        weights = weights or [1.0] * len(things)
        at = self._random() * sum(weights)
        for thing, weight in zip(things, weights, strict=True):
            at -= weight
            if at < 0:
                return thing
        return things[-1]

    def some(self, things: Sequence[Thing], n: int, weights: Sequence[float] | None = None) -> list[Thing]:
        """`n` of the things, none twice."""
        weights = weights or [1.0] * len(things)
        left, taken = list(range(len(things))), []
        for _ in range(n):
            at = self.one(left, [weights[i] for i in left])
            left.remove(at)
            taken.append(things[at])
        return taken

    def shuffled(self, things: Iterable[Thing]) -> list[Thing]:
        drawn = [(self._random(), thing) for thing in things]
        return [thing for _, thing in sorted(drawn, key=lambda pair: pair[0])]


@dataclass
class Activity:
    """One activity as it was told; `placed` says whether place and phases were answered too."""

    text: dict[str, Any]
    initiated_by: str
    patients_n: int | None
    professionals_n: int | None
    facts: dict[str, bool | None]
    meeting_place: str
    placed: bool = False


@dataclass
class Respondent:
    """One respondent; a rating is a score from 1 to 4, a reason for none, or empty."""

    organization: str
    role: str
    language: str
    answered_at: datetime
    minutes: float
    ratings: dict[str, int | str]
    finished: bool
    activities: list[Activity] = field(default_factory=list)


def respondents(organization: dict, wave: str, round_: dict, texts: dict, told_before: dict) -> list[Respondent]:
    """The respondents of one organization in one wave, with their activities.

    Parameters
    ----------
    organization, round_
        Its entry in study.yaml, and the wave's in stories.yaml.
    texts
        For each language the activity texts.
    told_before
        For each language those that the organization told of the wave before; replaced by the ones of this wave.
    """
    dice, group = Dice(wave, organization["id"]), organization["group"]
    roles = dice.shuffled(role for role, n in round_["people"].items() for _ in range(n))
    english_people, english_activities = _english(group, round_, len(roles))
    languages = dice.shuffled(["en"] * english_people + ["sv"] * (len(roles) - english_people))
    people = [_respondent(dice, organization["id"], wave, round_, *who) for who in zip(roles, languages, strict=True)]
    for language, n in (("sv", round_["activities"] - english_activities), ("en", english_activities)):
        fitting = [text for text in texts[language] if text["fits"] in (group, "any") and _weight(round_, text)]
        chosen = _choose(dice, round_, fitting, told_before.get(language, []), n) if n else []
        told_before[language] = chosen
        activities = [_activity(dice, round_, text) for text in chosen]
        _place_some(dice, activities)
        _share_out(dice, activities, [person for person in people if person.language == language])
    return people


def _english(group: str, round_: dict, people: int) -> tuple[int, int]:
    """How many respondents, and how many activities, are in English."""
    if group == "registers":
        return round(people * SHARE_ENGLISH_IN_REGISTERS), round(round_["activities"] * SHARE_ENGLISH_IN_REGISTERS)
    if group == "primary_care":
        return people, round_["activities"]
    english = round_.get("english", {"people": 0, "activities": 0})
    return english["people"], english["activities"]


def _respondent(dice: Dice, organization: str, wave: str, round_: dict, role: str, language: str) -> Respondent:
    opened = datetime(int(wave), 9, 15)
    answered_at = opened + timedelta(days=dice.whole(0, 40), hours=dice.whole(7, 21), minutes=dice.whole(0, 59))
    side = role in ("professional", "other")
    mean = round_["ratings"]["professionals" if side else "patients"]
    person = 0.35 * dice.bell()
    finished, skips_section = not dice.happens(0.025), dice.happens(0.02)
    last = len(export_files.ITEMS) if finished else dice.whole(3, 7)
    ratings: dict[str, int | str] = {}
    for at, item in enumerate(export_files.ITEMS):
        of_factor = round_.get("factors", {}).get(item.removesuffix("_2"), (0, 0))[side]
        score = min(4, max(1, int(mean + of_factor + person + 0.6 * dice.bell() + 0.5)))
        score = 5 - score if item in export_files.REVERSED else score
        answer = dice.one((score, "dont_know", "not_applicable", ""), (92, 4, 2.5, 1.5))
        ratings[item] = "" if skips_section or at >= last else answer
    return Respondent(organization, role, language, answered_at, dice.whole(40, 260) / 10, ratings, finished)


def _choose(dice: Dice, round_: dict, fitting: list[dict], told_before: list[dict], n: int) -> list[dict]:
    """`n` different texts by the weights of the cells, some of them told of before, some that are in no cell."""
    nothing = [text for text in fitting if text["place"] == "none"]
    unstated = [text for text in fitting if "not_stated" in (text["place"], text["phase_began"])]
    clear = [text for text in fitting if text not in nothing and text not in unstated]
    again = [text for text in told_before if text in clear]
    again = dice.some(again, min(len(again), round(n * round_.get("goes_on", SHARE_GOES_ON))))
    new = [text for text in clear if text not in again]
    in_cell = Counter(map(_cell, new))
    apart = dice.some(nothing, round(n * SHARE_NO_PARTNERSHIP)) + dice.some(unstated, round(n * SHARE_NOT_STATED))
    weights = [_weight(round_, text) / in_cell[_cell(text)] for text in new]
    return dice.shuffled(again + apart + dice.some(new, n - len(again) - len(apart), weights))


def _cell(text: dict) -> tuple[str, str]:
    return text["place"], text["phase_began"]


def _weight(round_: dict, text: dict) -> float:
    """How likely a text is in this story. What states no place or no phase must not tell another story than the rest."""
    place, phase = _cell(text)
    if place == "none":
        return 1.0
    rows = [weights for key, weights in round_.get("cells", {}).items() if place in (key, "not_stated")]
    at = [PHASES.index(phase)] if phase in PHASES else range(4)
    return max((row[i] for row in rows for i in at), default=0.0)


def _activity(dice: Dice, round_: dict, text: dict) -> Activity:
    """The activity with its facts: those that its text states, and others by the story's shares."""
    said, numbers = text.get("facts", {}), round_["numbers"]
    counts = {f"{who}_n": dice.whole(*numbers[who]) for who in ("patients", "professionals")}
    if dice.happens(0.15):
        counts = dict.fromkeys(counts)
    initiated = round_["initiated"]
    initiated_by = dice.one((*initiated, ""), (*initiated.values(), 0.06 * sum(initiated.values())))
    facts = {fact: (dice.happens(round_["facts"][fact]), dice.happens(0.12)) for fact in FACTS}
    meeting_place = dice.one(PLACES, (0, 2, 3, 1)) if dice.happens(0.14) else ""
    return Activity(
        text,
        said.get("initiated_by", initiated_by),
        said.get("patients_n", counts["patients_n"]),
        said.get("professionals_n", counts["professionals_n"]),
        {fact: said.get(fact, None if unknown else answer) for fact, (answer, unknown) in facts.items()},
        meeting_place if meeting_place != text["place"] else "",
    )


def _place_some(dice: Dice, activities: list[Activity]) -> None:
    """Let respondents place some of the activities themselves; never what is no partnership."""
    placeable = [activity for activity in activities if activity.text["place"] != "none"]
    low, high = SHARE_PLACED
    for activity in dice.some(placeable, round(len(placeable) * (low + (high - low) * dice.whole(0, 4) / 4))):
        activity.placed = True


def _share_out(dice: Dice, activities: list[Activity], people: list[Respondent]) -> None:
    """Professionals tell of more activities than others do, and nobody who broke off tells of any."""
    likely = {"patient": 1.0, "relative": 0.7, "professional": 1.6, "other": 0.5}
    for activity in activities:
        able = [person for person in people if person.finished and len(person.activities) < MOST_ACTIVITIES]
        dice.one(able, [likely[person.role] for person in able]).activities.append(activity)


def make(folder: Path) -> None:
    """Write every export into `folder`."""
    study, texts, stories = (
        yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in ("study", "activity_texts", "stories")
    )
    organizations = {organization["id"]: organization for organization in study["organizations"]}
    told_before: dict[str, dict] = {key: {} for key in organizations}
    forms = study["mappings"]
    files = {"registers_dictionary.csv": export_files.register_dictionary(forms["register_form"], organizations)}
    for wave in (wave["id"] for wave in study["waves"]):
        dice = Dice(wave, "forms")
        people = [
            person
            for key, organization in organizations.items()
            if wave in stories[key]["waves"]
            for person in respondents(organization, wave, stories[key]["waves"][wave], texts, told_before[key])
        ]
        registers = [person for person in people if organizations[person.organization]["group"] == "registers"]
        swedish = [person for person in people if person not in registers and person.language == "sv"]
        english = [person for person in people if person not in registers and person.language == "en"]
        files |= {
            f"hospitals_{wave}.csv": export_files.hospital_csv(dice, swedish, forms["hospital_form"], organizations),
            f"primary_care_{wave}.xlsx": export_files.english_xlsx(
                dice, english, forms["english_form"], organizations, made=datetime(int(wave), 11, 2, 9)
            ),
            f"registers_{wave}.csv": export_files.register_csv(dice, registers, organizations, int(wave[-2:]) * 1000),
        }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "exports")
