"""Which checks of Checkov, Trivy and Prowler touch what this program creates, and what answers each of them.

A rule says which checks it answers. A check that no rule answers has a reason here, or looks at types that the program
never creates. A test holds that there is exactly one of the three, over the recorded programs of both stacks.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check of a scanner.

    Attributes:
        id: Its id there.
        about: What it wants, in a few words.
        types: The resource types it looks at, as Pulumi tokens; empty for what is no resource, such as an account's setting.
        reason: Why no rule answers it; empty where one does, or where the program creates none of the types.
        frameworks: Requirements that the scanner's own mapping puts it under, for example `CIS AWS 5.0 5.7`.
    """

    id: str
    tool: Literal["Checkov", "Trivy", "Prowler"]
    about: str
    types: frozenset[str]
    reason: str = ""
    frameworks: tuple[str, ...] = ()
