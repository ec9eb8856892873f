"""Cases of hosts-command-no-delete."""

from policies.rules.hosts.command_no_delete import RULE
from tests.support.policy_cases import Cases, put, unknown
from tests.support.policy_samples import hosts

CASES = Cases(
    rule=RULE,
    good=hosts.remote(),
    fails={
        "a delete command": put("delete", "systemctl stop cosigner"),
        "of a local command": lambda _: put("delete", "true")(hosts.local()),
        "an odd shape": put("delete", ["true"]),
    },
    passes={"empty": put("delete", ""), "local": lambda _: hosts.local(), "a copy": lambda _: hosts.copy()},
    defers={"unknown": unknown("delete")},
)
