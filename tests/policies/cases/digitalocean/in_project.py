"""Cases of digitalocean-in-project."""

from policies.rules.digitalocean.in_project import RULE
from tests.support.policy_cases import Cases, having, on, plus, unknown, without
from tests.support.policy_samples import digitalocean as do

LIST = "digitalocean:index/projectResources:ProjectResources"
PROJECT = "digitalocean:index/project:Project"
DROPLET = "digitalocean:index/droplet:Droplet::s3-cosigner-1"
VOLUME = "digitalocean:index/volume:Volume::s3-cosigner-1"

CASES = Cases(
    rule=RULE,
    good=[do.droplet(), do.volume(), do.project(), do.project_resources()],
    fails={
        "no list": without("s3", LIST),
        "a list of no project of ours": without("s3", PROJECT),
        "a droplet left out": on(
            "s3", having(dependencies={"project": (f"{PROJECT}::s3",), "resources": (VOLUME,)}), type=LIST
        ),
        "a volume left out": on(
            "s3", having(dependencies={"project": (f"{PROJECT}::s3",), "resources": (DROPLET,)}), type=LIST
        ),
        "another droplet": plus(do.droplet("sentry")),
    },
    passes={
        "URNs unknown": on("s3", unknown("resources"), unknown("project"), type=LIST),
        "nothing to list": lambda _: [],
    },
)
