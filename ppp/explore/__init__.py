"""Looking around in a study: choose whose answers, and the matrix, Parity and change are drawn from them at once.

Everything here is for the study's own people: exact numbers and what people wrote. `Explorer` is the widget; `Choice`,
`chosen` and `view` are what it is made of, for code.
"""

from ppp.explore.choice import Choice, Chosen, chosen
from ppp.explore.explorer import Explorer
from ppp.explore.source import source
from ppp.explore.views import VIEWS, View, view

__all__ = ["VIEWS", "Choice", "Chosen", "Explorer", "View", "chosen", "source", "view"]


def __dir__() -> list[str]:
    return sorted(__all__)
