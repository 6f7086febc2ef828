"""The framework as data: codes, Figure 1, real initiatives, shifts, needs, questions, resources.

The YAML files beside this module are the truth and can be edited by people who do not program; the loader checks
them and names the line of every fault. Each loader reads its file once a process.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ppp import yamlfile
from ppp.framework.model import (
    LANGUAGES,
    LEAVES,
    NOT_STATED,
    PHASES,
    PLACES,
    Background,
    Codebook,
    FigureOne,
    Indicators,
    Initiatives,
    Instrument,
    Kinds,
    Progress,
    Resources,
    Text,
)

__all__ = [
    "LANGUAGES",
    "LEAVES",
    "NOT_STATED",
    "PHASES",
    "PLACES",
    "Text",
    "background",
    "codebook",
    "figure_one",
    "indicators",
    "initiatives",
    "instrument",
    "kinds",
    "progress",
    "resources",
]

_HERE = Path(__file__).parent


@cache
def codebook() -> Codebook:
    """The codes: 4 places, 4 phases, 8 parity leaves with both groupings, and the special codes.

    Examples
    --------
    >>> [place.id for place in codebook().places]
    ['direct_care', 'clinic', 'organization', 'system']
    """
    return yamlfile.read(_HERE / "codebook.yaml", Codebook, name="codebook.yaml")


@cache
def figure_one() -> FigureOne:
    """The seed's Figure 1: 24 examples, each in its cell."""
    return yamlfile.read(_HERE / "figure1.yaml", FigureOne, name="figure1.yaml")


@cache
def initiatives() -> Initiatives:
    """The nine real initiatives of the seed, with the cells they sit in and why."""
    return yamlfile.read(_HERE / "initiatives.yaml", Initiatives, name="initiatives.yaml")


@cache
def progress() -> Progress:
    """Six shifts, five needs, deeper barriers, and the challenges of early-phase work."""
    return yamlfile.read(_HERE / "shifts_and_needs.yaml", Progress, name="shifts_and_needs.yaml")


@cache
def indicators() -> Indicators:
    """Indicators of the shifts and needs, and signals of tokenism, each with its rule."""
    return yamlfile.read(_HERE / "indicators.yaml", Indicators, name="indicators.yaml")


@cache
def kinds() -> Kinds:
    """Kinds of activity that descriptions tell of."""
    return yamlfile.read(_HERE / "kinds.yaml", Kinds, name="kinds.yaml")


@cache
def background() -> Background:
    """Terms, visions, implications, uses and aims: the rest of the seed."""
    return yamlfile.read(_HERE / "background.yaml", Background, name="background.yaml")


@cache
def resources() -> Resources:
    """The seed's list of toolkits and guides."""
    return yamlfile.read(_HERE / "resources.yaml", Resources, name="resources.yaml")


@cache
def instrument() -> Instrument:
    """The words of our own form; its codes come from the codebook."""
    return yamlfile.read(_HERE / "instrument.yaml", Instrument, name="instrument.yaml")
