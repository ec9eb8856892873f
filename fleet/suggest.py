"""The remedy for a word that nobody knows."""

from collections.abc import Iterable
from difflib import get_close_matches


def meant(word: str, known: Iterable[str]) -> str:
    """Names the known word that is nearest, else all of them. No full stop; begins in lower case."""
    names = sorted(known)
    near = get_close_matches(word, names, n=1)
    return f"did you mean {near[0]}" if near else f"use one of {', '.join(names)}"
