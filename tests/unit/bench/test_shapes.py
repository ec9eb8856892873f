import pytest

from bench.shapes import SHAPES, fleets
from fleet.plan import plan


@pytest.mark.parametrize(("name", "hosts"), [("hosts_10", 10), ("hosts_100", 100), ("hosts_1000", 1000)])
def test_shape_has_the_hosts_of_its_name(name: str, hosts: int) -> None:
    assert SHAPES[name].hosts == hosts
    planned = [plan(config, "testnet") for config in fleets(SHAPES[name])[:1]]
    assert sum(len(one.hosts) for one in planned) * SHAPES[name].fleets == hosts


def test_fleets_share_neither_name_nor_account() -> None:
    configs = fleets(SHAPES["hosts_1000"])
    assert len({config["name"] for config in configs}) == len(configs)
    accounts = [{site["account"] for site in config["sites"]} for config in configs]
    assert len(set.union(*accounts)) == len(configs)
