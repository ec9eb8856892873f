"""The golden files: names and addresses as operators know them. `python -m tests.support.golden` writes them anew."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from fleet.plan import plan
from fleet.tables import host_table
from tests.support.mocked import run_program
from tests.support.samples import committed, four_providers

FOLDER: Final = Path(__file__).resolve().parent.parent / "golden"


def _hosts(config: Callable[[], dict[str, object]], stack: str) -> Callable[[], str]:
    return lambda: host_table(plan(config(), stack)) + "\n"


def _resources(stack: str) -> Callable[[], str]:
    """Every URN of the program, with the name tag that the account shows."""

    def render() -> str:
        recording = run_program(committed(stack), stack)
        lines = [f"{one.urn} {(one.inputs.get('tags') or {}).get('Name', '')}".rstrip() for one in recording.resources]
        return "\n".join(sorted(lines)) + "\n"

    return render


RENDERED: Final[Mapping[str, Callable[[], str]]] = {
    "testnet.hosts.txt": _hosts(lambda: committed("testnet"), "testnet"),
    "mainnet.hosts.txt": _hosts(lambda: committed("mainnet"), "mainnet"),
    "four-providers.hosts.txt": _hosts(four_providers, "testnet"),
    "testnet.resources.txt": _resources("testnet"),
    "mainnet.resources.txt": _resources("mainnet"),
}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, render in RENDERED.items():
        (FOLDER / name).write_text(render())
