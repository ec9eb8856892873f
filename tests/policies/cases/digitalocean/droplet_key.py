"""Cases of digitalocean-droplet-key."""

from policies.rules.digitalocean.droplet_key import RULE
from tests.support.policy_cases import Cases, drop, having, on, put, unknown, without
from tests.support.policy_samples import digitalocean as do

NAME = "s3-cosigner-1"

CASES = Cases(
    rule=RULE,
    good=[do.droplet(), do.ssh_key()],
    fails={
        "no keys": on(NAME, drop("sshKeys"), having(dependencies={})),
        "no keys, but a dependency": on(NAME, drop("sshKeys")),
        "keys empty": on(NAME, put("sshKeys", [])),
        "a key by its id": on(NAME, having(dependencies={})),
        "another key after ours": on(NAME, put("sshKeys", ["410867812", "11"])),
        "another key before ours": on(NAME, put("sshKeys", ["11", "410867812"])),
        "a key of another program": without("s3-nobody"),
        "keys of an odd shape": on(NAME, put("sshKeys", "410867812")),
    },
    passes={"the id unknown": on(NAME, put("sshKeys.0", "x"), unknown("sshKeys.0"))},
    defers={"all keys unknown": on(NAME, unknown("sshKeys"))},
)
