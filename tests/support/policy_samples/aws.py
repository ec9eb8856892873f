"""AWS resources as the program registers them, in the shape of the provider's checked inputs."""

from tests.support.policy_cases import Sample

SITE = "urn:pulumi:testnet::redoubt::pulumi:providers:aws::s1-aws"


def tags(name: str, role: str | None = None) -> dict[str, str]:
    found = {
        "Name": f"redoubt-testnet-{name}",
        "redoubt:fleet": "redoubt",
        "redoubt:stack": "testnet",
        "redoubt:site": "fra-aws",
    }
    return found | ({"redoubt:role": role} if role else {})


def instance(role: str = "cosigner") -> Sample:
    return Sample(
        type="aws:ec2/instance:Instance",
        name=f"s1-{role}-1",
        protect=role != "sentry",
        ignore_changes=("ami", "userData"),
        provider=SITE,
        props={
            "ami": "ami-0123456789abcdef0",
            "instanceType": "m7i.large",
            "tags": tags(f"s1-{role}-1", role),
            "metadataOptions": {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1.0},
        },
    )
