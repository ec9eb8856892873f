"""All checks, and what answers each."""

from collections.abc import Mapping
from typing import Final

from policies.catalogue import RULES
from policies.coverage import Check, aws, digitalocean, gcp
from policies.rule import Metadata

CHECKS: Final[Mapping[str, tuple[Check, ...]]] = {
    "aws": aws.CHECKS,
    "gcp": gcp.CHECKS,
    "digitalocean": digitalocean.CHECKS,
}
"""By provider: two providers' checks may have one id."""


def answered(provider: str, check: Check) -> list[str]:
    """The rules that answer a check."""
    others = CHECKS.keys() - {provider}
    return [one.id for one in RULES if check.id in one.answers and one.group not in others]


def frameworks(rule: Metadata) -> list[str]:
    """The requirements of published baselines that a rule serves, by the checks it answers."""
    return sorted(
        {
            text
            for provider, checks in CHECKS.items()
            for one in checks
            if rule.id in answered(provider, one)
            for text in one.frameworks
        }
    )
