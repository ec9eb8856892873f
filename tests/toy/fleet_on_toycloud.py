"""Plans, records and proves a fleet with a site on toycloud, and prints what came of it as JSON.

    python -P -m tests.toy.fleet_on_toycloud [with|without]

`without` leaves toycloud's modules where nobody looks for them, and prints the refusal.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
EXTENDED = ("components", "fleet.proofs.reading", "fleet.providers", "ops.recording.answers")
"""Packages that a provider adds a module or a folder of its name to."""


def add_toycloud() -> None:
    """What copying the toy's folders over the repository's would do."""
    sys.path.append(str(HERE))  # the SDK, which a real provider's comes from the package index
    for name in EXTENDED:
        import_module(name).__path__.append(str(HERE.joinpath(*name.split("."))))


def fleet() -> dict[str, Any]:
    """A site on DigitalOcean, one on toycloud, and two locations of metal: the lightest fleet that has one of each."""
    from tests.support.samples import four_providers

    config = four_providers()
    droplets, metal = config["sites"][2:4]
    toys = {"id": 2, "name": "toys", "provider": "toycloud", "region": "nursery-1", "playground": "play-7"}
    toys |= {"sentries": 2, "validators": 1, "cosigners": 1, "monitors": 1}
    droplets |= {"id": 1, "sentries": 1, "validators": 0, "cosigners": 1}
    metal = {**metal, "id": 4, "jump_sites": [1, 2]}
    (rack,) = metal["hosts"]
    second = {**metal, "id": 3, "name": "second", "hosts": [{**rack, "name": "second-rack", "address": "198.19.0.10"}]}
    config["sites"] = [droplets, toys, second, metal]
    config["signer"] |= {"threshold": 3, "shards": [f"s{number}-cosigner-1" for number in (1, 2, 3, 4)]}
    return config


def main(*, with_toycloud: bool) -> dict[str, Any]:
    if with_toycloud:
        add_toycloud()
    from fleet.plan import plan
    from fleet.problems import FleetError
    from fleet.proofs.intended import intent
    from fleet.proofs.report import prove
    from ops.prove.rendered import rendered
    from ops.recording.clouds import Clouds
    from ops.recording.run import run_program, stack_config

    config = fleet()
    try:
        planned = plan(config, "toys")
    except FleetError as error:
        return {"refused": str(error)}
    recording = run_program(stack_config(config), "toys", Clouds(preview=False, previous_outputs={}))
    sent = rendered(planned, recording)
    report = prove(sent.world(), planned, intent(planned), sent.addresses, resources=len(sent.resources))
    return {
        "holds": report.holds,
        "outcomes": {one.claim: one.outcome for one in report.verdicts},
        "failures": [line for one in report.verdicts for line in one.failures],
        "resources": sorted(f"{one.type} {one.name}" for one in sent.resources if one.type.startswith("toycloud:")),
        "addresses": {host.name: str(host.private_address) for host in planned.hosts_of(2)},
        "account": planned.sites[1].account,
        "notes": planned.notes,
        "ruleset": sent.files["s2-gateway-1"].ruleset,
        "gateway": sent.addresses["public(s2-gateway-1)"],
        "files": sorted(
            str(Path(file).relative_to(HERE))
            for file in (getattr(module, "__file__", None) for module in list(sys.modules.values()))
            if file and Path(file).is_relative_to(HERE) and Path(file) != Path(__file__)
        ),
        "sdks": sorted(name for name in sys.modules if name.startswith("pulumi_") and "." not in name),
    }


if __name__ == "__main__":
    print(json.dumps(main(with_toycloud=sys.argv[1:] != ["without"]), indent=1))
