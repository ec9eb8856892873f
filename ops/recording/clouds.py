"""What mocked clouds answer: the outputs that a provider chooses, different from resource to resource.

One answerer a provider, by the first part of the type token; only outputs that some program reads or that other
resources refer to are made up. Public addresses lie in 198.18.0.0/15 (RFC 2544), outside every range that the committed
stacks name.
"""

from collections.abc import Callable, Mapping
from ipaddress import IPv4Network
from typing import Any, Final

from pulumi.runtime import mocks

ACCOUNT: Final = "123456789012"
PROJECT: Final = "mock-project"
PROJECT_NUMBER: Final = "210987654321"
Properties = dict[str, Any]


class Clouds(mocks.Mocks):
    """Answers as the clouds would."""

    def __init__(self, *, preview: bool, previous_outputs: Mapping[str, Any]):
        self.preview = preview
        self.previous_outputs = dict(previous_outputs)
        self._addresses = 0
        self._numbers = 0
        self._ranges: dict[str, str] = {}
        self._members: dict[str, int] = {}
        self._answer: dict[str, Callable[[mocks.MockResourceArgs, Properties], Properties]] = {
            "aws": self._aws,
            "gcp": self._gcp,
            "digitalocean": self._digitalocean,
        }

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """The id and the outputs of a new resource."""
        if args.typ == "pulumi:pulumi:StackReference":
            return args.name, {**args.inputs, "outputs": self.previous_outputs, "secretOutputNames": []}
        if self.preview:
            return "", dict(args.inputs)
        answer = self._answer.get(args.typ.split(":", 1)[0])
        made = answer(args, dict(args.inputs)) if answer else {}
        return made.pop("id", f"{args.name}-id"), {**args.inputs, **made}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        """The answer of a provider's function."""
        answers = {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
            "aws:ec2/getAmi:getAmi": {"id": "ami-0123456789abcdef0"},
            "gcp:compute/getImage:getImage": {"selfLink": _link("projects/debian-cloud/global/images/debian-13-v1")},
            "gcp:organizations/getProject:getProject": {"number": PROJECT_NUMBER},
        }
        return {**args.args, **answers[args.token]}, []

    def _public_address(self) -> str:
        self._addresses += 1
        return f"198.18.{4 + self._addresses // 125}.{self._addresses % 125 * 2 + 1}"

    def _aws(self, args: mocks.MockResourceArgs, inputs: Properties) -> Properties:
        made = {"arn": f"arn:aws:mock::{ACCOUNT}:{args.name}", "keyId": f"{args.name}-key"}
        if args.typ == "aws:ec2/eip:Eip":
            made["publicIp"] = self._public_address()
        return {name: value for name, value in made.items() if name not in inputs}

    def _gcp(self, args: mocks.MockResourceArgs, inputs: Properties) -> Properties:
        kind = args.typ.rpartition(":")[2]
        name = inputs.get("name", f"{args.name}-0123abc")  # as the bridge names what the program does not
        path = (
            f"projects/{PROJECT}/{_where(inputs)}/{kind[0].lower()}{kind[1:]}{'es' if kind[-1] == 's' else 's'}/{name}"
        )
        path = f"{inputs['keyRing']}/cryptoKeys/{name}" if kind == "CryptoKey" else path
        made: Properties = {"id": path, "name": name, "selfLink": _link(path)}
        if kind == "Address" and "address" not in inputs:
            made["address"] = self._public_address()
        if args.typ == "gcp:serviceaccount/account:Account":
            email = f"{inputs['accountId']}@{PROJECT}.iam.gserviceaccount.com"
            path = f"projects/{PROJECT}/serviceAccounts/{email}"
            made = {"id": path, "name": path, "email": email, "member": f"serviceAccount:{email}"}
        return made

    def _digitalocean(self, args: mocks.MockResourceArgs, inputs: Properties) -> Properties:
        kind = args.typ.rpartition(":")[2]
        resource_id = self._digitalocean_id(kind, args, inputs)
        made: Properties = {"id": resource_id}
        if kind in ("Droplet", "Volume", "Vpc"):
            made[f"{kind.lower()}Urn"] = f"do:{kind.lower()}:{resource_id}"
        if kind == "Vpc":
            self._ranges[resource_id] = inputs["ipRange"]
        if kind == "SshKey":
            made["fingerprint"] = f"fingerprint-{args.name}"
        if kind == "Droplet":
            network = inputs["vpcUuid"]
            self._members[network] = self._members.get(network, 2) + 2
            made["ipv4AddressPrivate"] = str(IPv4Network(self._ranges[network])[self._members[network]])
            made["ipv4Address"] = "" if inputs.get("publicNetworking") is False else self._public_address()
        return made

    def _digitalocean_id(self, kind: str, args: mocks.MockResourceArgs, inputs: Properties) -> str:
        """Ids of droplets and SSH keys are numbers, a tag's is its name; all others are opaque."""
        if kind == "Tag":
            return inputs["name"]
        if kind == "ProjectResources":
            return inputs["project"]
        if kind in ("Droplet", "SshKey"):
            self._numbers += 1
            return str(410_000_000 + self._numbers)
        return f"{kind.lower()}-{args.name}"


def _where(inputs: Properties) -> str:
    """The part of a GCP id that says in which zone or region a resource lies."""
    if "zone" in inputs:
        return f"zones/{inputs['zone']}"
    if "location" in inputs:
        return f"locations/{inputs['location']}"
    return f"regions/{inputs['region']}" if "region" in inputs else "global"


def _link(path: str) -> str:
    return f"https://www.googleapis.com/compute/v1/{path}"
