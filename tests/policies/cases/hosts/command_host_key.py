"""Cases of hosts-command-host-key."""

from policies.rules.hosts.command_host_key import RULE
from tests.support.policy_cases import Cases, all_of, drop, put, unknown
from tests.support.policy_samples import hosts

BARE = {"host": "", "user": "root"}

CASES = Cases(
    rule=RULE,
    good=hosts.remote(),
    fails={
        "none": drop("connection.hostKey"),
        "empty": put("connection.hostKey", ""),
        "none of the proxy": drop("connection.proxy.hostKey"),
        "empty of the proxy": put("connection.proxy.hostKey", ""),
        "an empty proxy": put("connection.proxy", {}),
        "RSA": put("connection.hostKey", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ"),
        "RSA of the proxy": put("connection.proxy.hostKey", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ"),
        "a key that is cut off": put("connection.hostKey", hosts.HOST_KEY[:-1]),
        "two keys": put("connection.hostKey", f"{hosts.HOST_KEY}\n{hosts.HOST_KEY}"),
        "no connection": drop("connection"),
        "an empty connection": put("connection", {}),
        "no host, but a user": put("connection", {"host": "", "user": "redoubt"}),
        "no host, but a password": put("connection", {**hosts.UNKNOWN_CONNECTION, "password": "x"}),
        "no host, but another port": put("connection", {**hosts.UNKNOWN_CONNECTION, "port": 23.0}),
        "no host, but more patience": put("connection", {**hosts.UNKNOWN_CONNECTION, "dialErrorLimit": 11.0}),
        "no host, but more time": put("connection", {**hosts.UNKNOWN_CONNECTION, "perDialTimeout": 16.0}),
        "no host, fewer defaults": put("connection", BARE),
        "defaults without a host": put("connection", {"user": "root", "port": 22.0}),
        "a host, defaults": put("connection", {**hosts.UNKNOWN_CONNECTION, "host": "10.1.8.140"}),
        "a copy": lambda _: drop("connection.hostKey")(hosts.copy()),
        "an odd shape": put("connection.hostKey", [hosts.HOST_KEY]),
        "the host's, the proxy's unknown": all_of(drop("connection.hostKey"), unknown("connection.proxy.port")),
    },
    passes={
        "a comment": put("connection.hostKey", f"{hosts.HOST_KEY} s1-cosigner-1\n"),
        "no proxy": drop("connection.proxy"),
        "a copy": lambda _: hosts.copy(),
    },
    defers={
        "unknown": unknown("connection"),
        "a part unknown, as the plugin shows it": put("connection", hosts.UNKNOWN_CONNECTION),
        "a part unknown, defaults named": put("connection", {**hosts.UNKNOWN_CONNECTION, "__defaults": ["user"]}),
        "a key unknown": unknown("connection.hostKey"),
        "the proxy's key unknown": unknown("connection.proxy.hostKey"),
    },
)
