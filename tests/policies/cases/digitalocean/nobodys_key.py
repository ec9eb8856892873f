"""Cases of digitalocean-nobodys-key."""

from dataclasses import replace

from components.digitalocean.nobodys_key import public_key
from policies.rules.digitalocean.nobodys_key import RULE
from tests.support.policy_cases import Cases, Sample, all_of, drop, having, put, unknown
from tests.support.policy_samples import digitalocean as do

REAL = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIQF9kgjqSndTKDoz+zCNdMgKKWFFGbwnooZIGNPuBe2"


def of_another_site(sample: Sample) -> Sample:
    """The key that the program makes for another site."""
    name = "redoubt-testnet-s2-nobody"
    return replace(sample, name="s2-nobody", props={"name": name, "publicKey": public_key("redoubt", "testnet", "s2")})


CASES = Cases(
    rule=RULE,
    good=do.ssh_key(),
    fails={
        "somebody's key": put("publicKey", REAL),
        "a comment": put("publicKey", do.KEY + " me"),
        "no key": drop("publicKey"),
        "the key of another site": all_of(put("name", "redoubt-testnet-s2-nobody"), having(name="s2-nobody")),
        "the key of another fleet": put("name", "other-testnet-s3-nobody"),
        "a name that says nothing": put("name", "key"),
        "an odd shape": put("publicKey", [do.KEY]),
    },
    passes={"another site": of_another_site},
    defers={"unknown": unknown("publicKey")},
)
