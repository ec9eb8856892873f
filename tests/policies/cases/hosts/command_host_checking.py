"""Cases of hosts-command-host-checking."""

from policies.rules.hosts.command_host_checking import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import hosts

OFF = "ssh -o StrictHostKeyChecking=no host true"

CASES = Cases(
    rule=RULE,
    good=hosts.local(),
    fails={
        "create": put("create", OFF),
        "update": put("update", OFF),
        "delete": put("delete", OFF),
        "stdin": put("stdin", "Host *\n  StrictHostKeyChecking no\n"),
        "an interpreter": put("interpreter", ["ssh", "-o", "StrictHostKeyChecking", "no", "host"]),
        "a variable": put("environment.GIT_SSH_COMMAND", OFF),
        "the second variable": all_of(put("environment.A", "x"), put("environment.GIT_SSH_COMMAND", OFF)),
        "off": put("create", "ssh -o stricthostkeychecking=OFF host"),
        "in quotes": put("create", "ssh -o 'StrictHostKeyChecking = \"no\"' host"),
        "whoever comes first": put("create", "ssh -o StrictHostKeyChecking=accept-new host"),
        "nothing known": put("create", "ssh -o UserKnownHostsFile=/dev/null host"),
        "no file": put("create", "ssh -o UserKnownHostsFile=none host"),
        "whatever answers": put("create", "ssh-keyscan host >>known"),
        "nothing known, from another device": put("create", "ssh -o UserKnownHostsFile=/dev/zero host"),
        "known from what is piped in": put("create", "ssh -o UserKnownHostsFile=//dev/stdin host"),
        "false": put("create", "ssh -o StrictHostKeyChecking=false host"),
        "zero": put("create", "ssh -o StrictHostKeyChecking=0 host"),
        "in a column": put("stdin", "StrictHostKeyChecking          no\n"),
        "in quotes of quotes": put("create", 'sh -c "ssh -o StrictHostKeyChecking=\\"no\\" host"'),
        "no check at home, as true": put("create", "ssh -o NoHostAuthenticationForLocalhost=true localhost"),
        "no check at home": put("create", "ssh -o NoHostAuthenticationForLocalhost=yes localhost"),
        "a remote command": lambda _: put("create", OFF)(hosts.remote()),
        "beside an unknown": all_of(unknown("create"), put("update", OFF)),
        "a variable beside an unknown": all_of(unknown("create"), put("environment.GIT_SSH_COMMAND", OFF)),
        "a variable beside an unknown one": all_of(unknown("environment.SSH_AUTH_SOCK"), put("environment.Z", OFF)),
    },
    passes={
        "a remote command": lambda _: hosts.remote(),
        "a copy": lambda _: hosts.copy(),
        "no global file": put("create", "ssh -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking=yes host"),
        "a name that begins alike": put("create", "ssh -o UserKnownHostsFile=/devices/known host"),
        "nothing": all_of(drop("environment"), drop("interpreter")),
    },
    defers={"unknown": unknown("create"), "a variable unknown": unknown("environment.SSH_AUTH_SOCK")},
)
