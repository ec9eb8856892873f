"""Cases of hosts-command-no-secrets."""

from pulumi import FileArchive, FileAsset, StringAsset

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
        "a copied text": lambda _: put("source", StringAsset(SECRET))(hosts.copy()),
        "a copied file": lambda _: put("source", FileAsset("/tmp/x"))(hosts.copy()),
        "a copied archive": lambda _: put("source", FileArchive("/tmp/x"))(hosts.copy()),
        "something else copied": lambda _: put("source", "x")(hosts.copy()),
        "copied to root": lambda _: put("remotePath", "/root/x")(hosts.copy()),
        "copied to root's home": lambda _: put("remotePath", "//run/../root")(hosts.copy()),
        "copied to a login's keys": lambda _: put("remotePath", "/home/redoubt/.ssh/rc")(hosts.copy()),
        "a trigger beside an unknown source": lambda _: all_of(unknown("source"), put("triggers", [SECRET]))(
            hosts.copy()
        ),
        "a target beside an unknown source": lambda _: all_of(unknown("source"), put("remotePath", "/root"))(
            hosts.copy()
        ),
        "a trigger beside an unknown target": lambda _: all_of(unknown("remotePath"), put("triggers", [SECRET]))(
            hosts.copy()
        ),
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
        "a path that has root in a name": lambda _: put("remotePath", "/run/rootfs/.sshd")(hosts.copy()),
        "a number": put("triggers", [1.0, True, None]),
        "nothing": all_of(drop("environment"), drop("triggers"), drop("stdin")),
    },
    defers={
        "unknown": unknown("create"),
        "a variable unknown": unknown("environment.REDOUBT_HOST"),
        "a trigger unknown": unknown("triggers.0"),
        "a copied text unknown": lambda _: unknown("source")(hosts.copy()),
        "a target unknown": lambda _: unknown("remotePath")(hosts.copy()),
    },
)
