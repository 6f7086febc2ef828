"""Whose answers are looked at."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ppp.study import Study

__all__ = ["Choice", "Chosen", "chosen"]


@dataclass(frozen=True)
class Choice:
    """Groups, organizations, waves and roles to look at; where one is left empty, all of them.

    A role is that of the respondent: of who rated, and of who told of an activity.
    """

    groups: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    waves: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """The tidy tables of those who were chosen, and their activities as they are placed."""

    responses: pd.DataFrame
    activities: pd.DataFrame
    ratings: pd.DataFrame
    placed: pd.DataFrame
    waves: tuple[str, ...]


def chosen(study: Study, choice: Choice) -> Chosen:
    """The study's tables, of those who were chosen.

    Parameters
    ----------
    study
        An open study.
    choice
        Whose answers.

    Returns
    -------
    Chosen
        ``waves`` are the study's waves among those chosen, in order of time.

    Raises
    ------
    BadInput
        Where the exports have faults.

    Examples
    --------
    >>> import ppp
    >>> study = ppp.open_study("data/lind2014")
    >>> len(chosen(study, Choice()).activities) == len(study.activities())
    True
    """
    responses = study.responses()
    if choice.groups:
        organizations = study.organizations()
        within = organizations.loc[organizations["group"].isin(choice.groups), "organization"]
        responses = responses[responses["organization"].isin(within)]
    for column, wanted in (
        ("organization", choice.organizations),
        ("wave", choice.waves),
        ("role", choice.roles),
    ):
        if wanted:
            responses = responses[responses[column].isin(wanted)]
    activities, ratings, placed = (
        table[table["response_id"].isin(responses["response_id"])]
        for table in (study.activities(), study.ratings(), study.placements())
    )
    waves = tuple(wave.id for wave in study.settings.waves if not choice.waves or wave.id in choice.waves)
    return Chosen(responses, activities, ratings, placed, waves)
