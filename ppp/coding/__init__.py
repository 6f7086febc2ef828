"""Activities onto the matrix and the Parity factors: who says so, how sure, and on which words.

What coders settled, agree on or said alone comes first, then the respondent's own placing. For the rest the program
makes suggestions from a model that has learned from coded texts, with the words that led there; a suggestion that is not sure enough
leaves the activity "not yet coded".
"""

from ppp.coding.codes import CODES, NO_CODE, ORIGINS, codes_in_force
from ppp.coding.suggest import SUGGESTION_COLUMNS, Suggestion, next_for_review, suggest, suggest_each

__all__ = [
    "CODES",
    "NO_CODE",
    "ORIGINS",
    "SUGGESTION_COLUMNS",
    "Suggestion",
    "codes_in_force",
    "next_for_review",
    "suggest",
    "suggest_each",
]
