"""Cases of hosts-command-connection."""

from policies.rules.hosts.command_connection import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, put, unknown
from tests.support.policy_samples import hosts

METAL = "urn:pulumi:testnet::redoubt::redoubt:baremetal:Site::s4"
GATEWAY = "urn:pulumi:testnet::redoubt::redoubt:aws:Site$redoubt:aws:Gateway::s1-gateway"
INSIDE = "urn:pulumi:testnet::redoubt::redoubt:aws:Site$redoubt:aws:Gateway$redoubt:ssh:Bundle::s1-gateway-1"
BOTH = ("connection", "connection.proxy")

CASES = Cases(
    rule=RULE,
    good=hosts.remote(),
    fails={
        **{f"{leg}: root": put(f"{leg}.user", "root") for leg in BOTH},
        **{f"{leg}: no user": drop(f"{leg}.user") for leg in BOTH},
        **{f"{leg}: another port": put(f"{leg}.port", 2222.0) for leg in BOTH},
        **{f"{leg}: no port": drop(f"{leg}.port") for leg in BOTH},
        **{f"{leg}: a password": put(f"{leg}.password", "x") for leg in BOTH},
        **{f"{leg}: a key": put(f"{leg}.privateKey", "x") for leg in BOTH},
        **{f"{leg}: a key's password": put(f"{leg}.privateKeyPassword", "x") for leg in BOTH},
        **{f"{leg}: an agent": put(f"{leg}.agentSocketPath", "/run/agent") for leg in BOTH},
        "dials for ever": put("connection.dialErrorLimit", -1.0),
        "dials too often": put("connection.dialErrorLimit", 101.0),
        "dials unlimited": put("connection.dialErrorLimit", 0.0),
        "dials not said": drop("connection.dialErrorLimit"),
        "waits for ever": put("connection.perDialTimeout", 0.0),
        "waits too long": put("connection.perDialTimeout", 121.0),
        "time not said": drop("connection.perDialTimeout"),
        "no proxy": drop("connection.proxy"),
        "a proxy without a host": put("connection.proxy.host", ""),
        "no connection": drop("connection"),
        "a sentry without a proxy": all_of(drop("connection.proxy"), having(name="s1-sentry-1-bundle")),
        "no host's name, no proxy": all_of(drop("connection.proxy"), having(name="all")),
        "named like a gateway, no proxy": all_of(drop("connection.proxy"), having(name="s1-gateway-1-bundle")),
        "a parent named like metal, no proxy": all_of(
            drop("connection.proxy"),
            having(parent="urn:pulumi:testnet::redoubt::redoubt:aws:Site::redoubt:baremetal:Site"),
        ),
        "a parent of a like type, no proxy": all_of(
            drop("connection.proxy"),
            having(parent="urn:pulumi:testnet::redoubt::redoubt:aws:GatewayLike::s1-gateway"),
        ),
        "a parent that is no URN, no proxy": all_of(drop("connection.proxy"), having(parent="redoubt:aws:Gateway")),
        "no parent, no proxy": all_of(drop("connection.proxy"), having(parent=None)),
        "no host, and a login": put("connection", {**hosts.UNKNOWN_CONNECTION, "user": "admin"}),
        "no host, and more": put("connection", {**hosts.UNKNOWN_CONNECTION, "password": ""}),
        "no host, and less": put("connection", {"host": "", "user": "root", "port": 22.0}),
        "a host alone": put("connection", {**hosts.UNKNOWN_CONNECTION, "host": "10.1.8.140"}),
        "a copy": lambda _: put("connection.user", "root")(hosts.copy()),
        "an odd shape": put("connection.port", "22"),
    },
    passes={
        "a gateway without a proxy": all_of(drop("connection.proxy"), having(parent=GATEWAY, name="bundle")),
        "a part of a gateway without a proxy": all_of(drop("connection.proxy"), having(parent=INSIDE)),
        "metal without a proxy": all_of(drop("connection.proxy"), having(parent=METAL, name="s4-validator-1-bundle")),
        "fewest and shortest": all_of(put("connection.dialErrorLimit", 1.0), put("connection.perDialTimeout", 1.0)),
        "most and longest": all_of(put("connection.dialErrorLimit", 100.0), put("connection.perDialTimeout", 120.0)),
        "no password": put("connection.password", ""),
        "a copy": lambda _: hosts.copy(),
    },
    defers={
        "unknown": unknown("connection"),
        "a part unknown, as the plugin shows it": put("connection", hosts.UNKNOWN_CONNECTION),
        "user unknown": unknown("connection.user"),
        "the proxy's host unknown": unknown("connection.proxy.host"),
    },
)
