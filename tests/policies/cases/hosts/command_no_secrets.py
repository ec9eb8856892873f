"""Cases of hosts-command-no-secrets."""

from policies.rules.hosts.command_no_secrets import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import hosts

SECRET = "echo password=hunter2"

CASES = Cases(
    rule=RULE,
    good=hosts.remote(),
    fails={
        "create": put("create", SECRET),
        "update": put("update", SECRET),
        "delete": put("delete", SECRET),
        "stdin": put("stdin", "-----BEGIN OPENSSH PRIVATE KEY-----"),
        "a variable": put("environment.REDOUBT_HOST", SECRET),
        "a variable named like a secret": put("environment.HOST_TOKEN", "x"),
        "a variable named like a password": put("environment.password", "x"),
        "a trigger": put("triggers", ["3f6d6e1c", SECRET]),
        "a trigger inside": put("triggers", [{"of": [SECRET]}]),
        "an interpreter": lambda _: put("interpreter", ["/bin/sh", "-c", SECRET])(hosts.local()),
        "a local command": lambda _: put("create", SECRET)(hosts.local()),
        "a copy": lambda _: put("triggers", [SECRET])(hosts.copy()),
        "beside an unknown": all_of(unknown("create"), put("triggers", [SECRET])),
        "a trigger beside an unknown one": all_of(put("triggers", ["x", SECRET]), unknown("triggers.0")),
        "a variable beside an unknown one": all_of(
            unknown("environment.REDOUBT_HOST"), put("environment.LAST", SECRET)
        ),
    },
    passes={
        "a local command": lambda _: hosts.local(),
        "a copy": lambda _: hosts.copy(),
        "a variable named like a secret, empty": put("environment.HOST_TOKEN", ""),
        "a variable named after its file": put("environment.HOST_TOKEN_FILE", "/run/token"),
        "a variable that ends alike": put("environment.ROOTTOKEN", "x"),
        "a number": put("triggers", [1.0, True, None]),
        "nothing": all_of(drop("environment"), drop("triggers"), drop("stdin")),
    },
    defers={
        "unknown": unknown("create"),
        "a variable unknown": unknown("environment.REDOUBT_HOST"),
        "a trigger unknown": unknown("triggers.0"),
    },
)
