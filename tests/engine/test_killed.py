"""Ten updates, killed at random moments, half of them with a lost reply: all recovered, no host twice, nothing forgotten.

The engine works in parallel, so no two runs are killed at the same moment; a failure names all that matters.
`python -m bench --only killed_runs` does it 52 times.
"""

import pytest

from tests.support.killed import KINDS, Killing, Kind

pytestmark = pytest.mark.timeout(600)

RUNS = 10


@pytest.fixture(scope="module")
def killing(tmp_path_factory: pytest.TempPathFactory) -> Killing:
    return Killing(tmp_path_factory.mktemp("killed"))


@pytest.mark.parametrize(
    ("kind", "lost_reply"), [(KINDS[number % len(KINDS)], bool(number // len(KINDS) % 2)) for number in range(RUNS)]
)
def test_a_killed_update_is_recovered_with_every_host_once(killing: Killing, kind: Kind, lost_reply: bool) -> None:
    outcome = killing.once(kind, KINDS.index(kind) * 100 + lost_reply, lost_reply=lost_reply)
    assert outcome.failure is None, outcome
    assert (outcome.twins, outcome.orphans) == ([], []), outcome
