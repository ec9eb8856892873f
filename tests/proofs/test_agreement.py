"""The prover and a packet walker that shares nothing with it but the readers say the same of random small fleets."""

import pytest

from tests.support.agreement import disagreement

FLEETS = 500
AT_ONCE = 50


@pytest.mark.parametrize("first", range(0, FLEETS, AT_ONCE))
def test_prover_and_walker_agree(first: int) -> None:
    found = [text for seed in range(first, first + AT_ONCE) if (text := disagreement(seed)) is not None]
    assert not found, "\n".join(found)
