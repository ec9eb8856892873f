"""The golden files: names and addresses as operators know them. `python -m tests.support.golden` writes them anew."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from fleet.plan import plan
from fleet.tables import FLOW_HEADER, flow_rows, host_table, markdown
from tests.support import digitalocean
from tests.support.mocked import Recording, Registration, recorded
from tests.support.samples import ROOT, committed, four_providers

FOLDER: Final = Path(__file__).resolve().parent.parent / "golden"
FLOW_MATRIX: Final = ROOT / "docs" / "reference" / "flow-matrix.md"


def _hosts(config: Callable[[], dict[str, object]], stack: str) -> Callable[[], str]:
    return lambda: host_table(plan(config(), stack)) + "\n"


def _resources(run: Callable[[], Recording]) -> Callable[[], str]:
    """Every URN of the program, with the name that the account shows."""

    def render() -> str:
        lines = [f"{one.urn} {_shown(one)}".rstrip() for one in run().resources]
        return "\n".join(sorted(lines)) + "\n"

    return render


def _shown(one: Registration) -> str:
    """The name tag on AWS, elsewhere the name or the id that the program gives."""
    if one.type.startswith("aws:"):
        return str((one.inputs.get("tags") or {}).get("Name", ""))
    return str(one.inputs.get("name") or one.inputs.get("accountId", ""))


def flow_matrix() -> str:
    """The flow matrix of the committed testnet, as the docs show it."""
    table = markdown(FLOW_HEADER, flow_rows(plan(committed("testnet"), "testnet")))
    return (
        "# The flow matrix of the testnet fleet\n\n"
        "Made from `Pulumi.testnet.yaml` by the code (`python -m tests.support.golden`). Hosts are folded to roles and the\n"
        "sites they stand in; a row says who opens the flow. What no row names is refused. `over` is how it travels:\n"
        "`public` over the Internet, `site` inside a site's network, `mesh` inside WireGuard, `link` on the host's own link,\n"
        "where no cloud firewall filters.\n\n"
        f"{table}\n"
    )


RENDERED: Final[Mapping[str, Callable[[], str]]] = {
    "testnet.hosts.txt": _hosts(lambda: committed("testnet"), "testnet"),
    "mainnet.hosts.txt": _hosts(lambda: committed("mainnet"), "mainnet"),
    "four-providers.hosts.txt": _hosts(four_providers, "testnet"),
    "testnet.resources.txt": _resources(lambda: recorded("testnet")),
    "mainnet.resources.txt": _resources(lambda: recorded("mainnet")),
    "digitalocean.resources.txt": _resources(digitalocean.recorded),
}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, render in RENDERED.items():
        (FOLDER / name).write_text(render())
    FLOW_MATRIX.write_text(flow_matrix())
