"""What GCP answers."""

from collections.abc import Mapping
from typing import Final

from pulumi.runtime import mocks

from ops.recording.answers import Properties, PublicAddresses

PROJECT: Final = "mock-project"
PROJECT_NUMBER: Final = "210987654321"
API: Final = "https://www.googleapis.com/compute/v1"


class Answers:
    """The answers of one run."""

    calls: Mapping[str, Properties] = {
        "gcp:compute/getImage:getImage": {"selfLink": f"{API}/projects/debian-cloud/global/images/debian-13-v1"},
        "gcp:organizations/getProject:getProject": {"number": PROJECT_NUMBER},
    }

    def __init__(self, addresses: PublicAddresses):
        self._addresses = addresses

    def resource(self, args: mocks.MockResourceArgs, inputs: Properties) -> Properties:
        """Ids and self links as GCP writes them, with project and place."""
        kind = args.typ.rpartition(":")[2]
        name = inputs.get("name", f"{args.name}-0123abc")  # as the bridge names what the program does not
        path = (
            f"projects/{PROJECT}/{_where(inputs)}/{kind[0].lower()}{kind[1:]}{'es' if kind[-1] == 's' else 's'}/{name}"
        )
        path = f"{inputs['keyRing']}/cryptoKeys/{name}" if kind == "CryptoKey" else path
        made: Properties = {"id": path, "name": name, "selfLink": f"{API}/{path}"}
        if kind == "Address" and "address" not in inputs:
            made["address"] = self._addresses.of(f"{args.typ} {args.name}")
        if args.typ == "gcp:serviceaccount/account:Account":
            email = f"{inputs['accountId']}@{PROJECT}.iam.gserviceaccount.com"
            path = f"projects/{PROJECT}/serviceAccounts/{email}"
            made = {"id": path, "name": path, "email": email, "member": f"serviceAccount:{email}"}
        return made


def _where(inputs: Properties) -> str:
    """The part of an id that says in which zone or region a resource lies."""
    if "zone" in inputs:
        return f"zones/{inputs['zone']}"
    if "location" in inputs:
        return f"locations/{inputs['location']}"
    return f"regions/{inputs['region']}" if "region" in inputs else "global"
