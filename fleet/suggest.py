"""The remedy for a word that nobody knows."""

from collections.abc import Iterable
from difflib import get_close_matches


def meant(word: str, known: Iterable[str], *, usual: Iterable[str] | None = None) -> str:
    """Names the known words that are nearest, else those to choose from. No full stop; begins in lower case.

    Args:
        word: What was written.
        known: All words that could have been meant.
        usual: What to name where none is near; all of them where it is not given.
    """
    names = sorted(known)
    near = sorted(get_close_matches(word, names, n=2))
    others = names if usual is None else sorted(usual)
    return f"did you mean {' or '.join(near)}" if near else f"use one of {', '.join(others)}"
