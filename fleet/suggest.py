"""The remedy for a word that nobody knows."""

from collections.abc import Iterable
from difflib import get_close_matches


def meant(word: str, known: Iterable[str]) -> str:
    """Names the known words that are nearest, else all of them. No full stop; begins in lower case."""
    names = sorted(known)
    near = sorted(get_close_matches(word, names, n=2))
    return f"did you mean {' or '.join(near)}" if near else f"use one of {', '.join(names)}"
