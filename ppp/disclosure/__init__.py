"""The only door upward: measures go in, releasable tables come out, and "withheld" is a state.

What is protected is people. Numbers of respondents leave only in bands, means only over enough persons and in steps,
and free text never, but for quotes that a named person approved. Activities are facts that an organization states
about itself; their counts are shown, unless the study says that individual respondents reported them.

`release` makes the first tables; `derive` adds what is computed from those tables alone.
"""

from ppp.disclosure.derive import derive
from ppp.disclosure.kept_back import told_too_much
from ppp.disclosure.partition import RELEASED, Partition
from ppp.disclosure.release import SHOWN_STATES, release

__all__ = ["RELEASED", "SHOWN_STATES", "Partition", "derive", "release", "told_too_much"]
