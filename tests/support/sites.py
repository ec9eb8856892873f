"""Single sites of a plan, for programs that build one alone."""

from components.context import SiteContext
from components.guard import Guard
from components.state import PresentState
from fleet.plan import Plan


def context_of(planned: Plan, index: int = 0) -> SiteContext:
    """One site of a plan, for a program that builds it alone."""
    return SiteContext(planned=planned, site=planned.sites[index], guard=Guard(planned, PresentState()))
