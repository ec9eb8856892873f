"""The checks of `digitalocean`."""

from typing import Final

from policies.coverage import Check

CHECKS: Final[tuple[Check, ...]] = ()
