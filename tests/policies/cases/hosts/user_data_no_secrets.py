"""Cases of hosts-user-data-no-secrets."""

from policies.rules.hosts.user_data_no_secrets import RULE
from tests.support.policy_cases import Cases, Change, all_of, drop, put, unknown
from tests.support.policy_samples import hosts

WORDS = "zoo wrong able about above absent absorb abstract absurd abuse access accident "
LONG = "a_" * 100_000 + "://a" * 50_000 + " password" * 50_000 + "-----BEGIN " * 50_000 + "zoo " * 100_000


def holds(text: str) -> Change:
    return put("userData", f"#!/bin/sh\n{text}\n")


CASES = Cases(
    rule=RULE,
    good=hosts.droplet(),
    fails={
        "a private key": holds("-----BEGIN OPENSSH PRIVATE KEY-----"),
        "a PEM key": holds("-----BEGIN PRIVATE KEY-----"),
        "an age identity": holds("AGE-SECRET-KEY-1QQQQ"),
        "an AWS key": holds("export ID=AKIA" + "A" * 16),
        "a DigitalOcean token": holds("dop_v1_" + "0a" * 32),
        "a WireGuard key": holds("PrivateKey = x"),
        "a consensus key": holds('{"priv_key": {"type": "tendermint/PrivKeyEd25519"}}'),
        "a password": holds("password=hunter2"),
        "a password, short form": holds("passwd: hunter2"),
        "a password in JSON": holds('{"password": "hunter2"}'),
        "a password in JSON in JSON": holds('"{\\"password\\": \\"hunter2\\"}"'),
        "a password after another name": holds("DB_PASSWORD='hunter2'"),
        "a passphrase": holds("passphrase: hunter2"),
        "a secret": holds("CLIENT_SECRET=hunter2"),
        "a token": holds("export TOKEN=hunter2"),
        "an API key": holds("api-key: hunter2"),
        "an API key in one word": holds("apikey=hunter2"),
        "a secret key": holds("SECRET_KEY=hunter2"),
        "a private key by name": holds("private_key: hunter2"),
        "an access key": holds("accesskey = hunter2"),
        "a mnemonic by name": holds("mnemonic: hunter2"),
        "a mnemonic": holds(f'"{WORDS.strip()}"'),
        "a long mnemonic": holds(f"echo: {WORDS}{WORDS.strip()}."),
        "a password hash": holds("redoubt:$6$abcdefgh$0123456789abcdef"),
        "another password hash": holds("redoubt:$y$j9T$0123456789abcdef0123"),
        "an instance on AWS": lambda _: holds("password=hunter2")(hosts.aws()),
        "a script on GCP": lambda _: hosts.swapped("set -eu", "password=hunter2")(hosts.gcp()),
        "other metadata on GCP": lambda _: put("metadata.note", "password=hunter2")(hosts.gcp()),
        "metadata named like a secret": lambda _: put("metadata.join_token", "x")(hosts.gcp()),
        "beside unknown metadata": lambda _: all_of(
            unknown("metadata.enable-oslogin"), put("metadata.note", "password=hunter2")
        )(hosts.gcp()),
    },
    passes={
        "an instance on AWS": lambda _: hosts.aws(),
        "an instance on GCP": lambda _: hosts.gcp(),
        "a public key": holds(f"echo {hosts.HOST_KEY} and -----BEGIN CERTIFICATE-----"),
        "a secret that is read elsewhere": holds("password=$(cat /run/x); token=/run/secrets/token; secret=<hidden>"),
        "words about passwords": holds("PasswordAuthentication no # a password: no"),
        "eleven words": holds(f'"{WORDS.strip().removesuffix(" accident")}"'),
        "prose": holds(
            "# what this is: many short words that are put one after the other until they fill a line of prose"
        ),
        "nothing": drop("userData"),
        "a megabyte": put("userData", LONG),
        "metadata named like a secret, empty": lambda _: put("metadata.join_token", "")(hosts.gcp()),
    },
    defers={"unknown": unknown("userData"), "metadata unknown": lambda _: unknown("metadata.note")(hosts.gcp())},
)
