"""Cases of hosts-first-boot-planned."""

from hashlib import sha256
from typing import Any

from policies.rules.hosts.first_boot_planned import RULE
from tests.support.policy_cases import Cases, all_of, drop, having, on, put, put_key, unknown
from tests.support.policy_samples.digitalocean import KEY
from tests.support.policy_samples.fleet import DROPLET, GCP_INSTANCE, INSTANCE, fleet, intending
from tests.support.policy_samples.hosts import swapped

OLD = "#cloud-config\n{}\n"
FORMER = {"s1-cosigner-1": sha256(OLD.encode()).hexdigest()}


def _trusting(key: str) -> Any:
    return intending(lambda config: config["access"].update(ssh_user_ca=key))


CASES = Cases(
    rule=RULE,
    good=fleet,
    settings={"former": FORMER},
    fails={
        "a command on AWS": on("s1-cosigner-1", swapped("sshd -t", "sshd -t; id"), type=INSTANCE),
        "a line on GCP": on("s2-cosigner-1", swapped("set -eu", "set -eu; id"), type=GCP_INSTANCE),
        "a command on DigitalOcean": on("s3-cosigner-1", swapped("sshd -t", "sshd -t; id"), type=DROPLET),
        "a space": on("s3-gateway-1", swapped("#cloud-config\n", "#cloud-config\n "), type=DROPLET),
        "principals of another role": on("s1-cosigner-1", swapped(":cosigner", ":monitor"), type=INSTANCE),
        "nothing": on("s1-cosigner-1", drop("userData"), type=INSTANCE),
        "no script": on("s2-cosigner-1", put_key("metadata", "startup-script", ""), type=GCP_INSTANCE),
        "an older one that nobody named": on("s1-validator-1", put("userData", OLD), type=INSTANCE),
        "an older one, changed": on("s1-cosigner-1", put("userData", OLD + " "), type=INSTANCE),
        "another CA in the plan": _trusting(KEY),
        "no host of the plan": on("s1-cosigner-1", having(name="s1-cosigner-9"), type=INSTANCE),
        "a host of metal": on("s1-validator-1", having(name="s4-validator-1"), type=INSTANCE),
        "another cloud's host": on("s1-sentry-1", having(name="s3-sentry-1"), type=INSTANCE),
        "a host in another cloud": on("s1-sentry-1", having(type=DROPLET), type=INSTANCE),
        "a plan that cannot be rendered": _trusting(f"{KEY} {'x' * 5000}"),
        "an odd shape": on("s1-cosigner-1", put("userData", ["x"]), type=INSTANCE),
        "beside an unknown": all_of(
            on("s1-cosigner-1", unknown("userData"), type=INSTANCE),
            on("s1-validator-1", put("userData", OLD), type=INSTANCE),
        ),
    },
    passes={"an older one that was looked at": on("s1-cosigner-1", put("userData", OLD), type=INSTANCE)},
    defers={"unknown": on("s1-cosigner-1", unknown("userData"), type=INSTANCE)},
)
