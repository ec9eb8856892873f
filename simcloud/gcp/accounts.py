"""Service accounts (google-beta/services/resourcemanager/resource_google_service_account.go; see gcp.json)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from simcloud.core.check import Failure
from simcloud.core.errors import CloudError
from simcloud.core.model import Autoname, Call, Created, Properties
from simcloud.core.values import UNKNOWN, known
from simcloud.gcp.account import new_number, project_number, projects, refuse_over_quota
from simcloud.gcp.common import GcpModel
from simcloud.gcp.tokens import ACCOUNT, CRYPTO_KEY_IAM_MEMBER
from simcloud.ledger import Record

SHORTEST = 6
LONGEST_DISPLAY_NAME = 100
QUOTA = 100
"""Accounts of a project; general knowledge, as is the length of a display name."""

DEFAULT_ACCOUNT = re.compile(r"^(\d+)-compute@developer\.gserviceaccount\.com$")
AGENT = re.compile(r"^service-(\d+)@[a-z0-9.-]+\.iam\.gserviceaccount\.com$")
"""What GCP makes in each project by itself: the default account of instances, and services' own agents."""


def service_agent(project: str) -> str:
    """Compute Engine's own account in a project, which uses keys for its disks."""
    return f"service-{project_number(project)}@compute-system.iam.gserviceaccount.com"


def find_account(call: Call, email: str) -> Record | None:
    """The service account with an e-mail address."""
    return next(iter(call.find(ACCOUNT, email=email)), None)


def exists(call: Call, email: str) -> bool:
    """Whether an e-mail address is a service account's: a project's own, or one of GCP in a project of the ledger."""
    own = DEFAULT_ACCOUNT.match(email) or AGENT.match(email)
    if own:
        return own[1] in {project_number(project) for project in projects(call)}
    return find_account(call, email) is not None


class Account(GcpModel):
    """A service account. It is there at once: GCP's eventual consistency is not modelled."""

    token = ACCOUNT
    autoname = Autoname(30, property="accountId")

    def check(self, inputs: Properties, region: str) -> Iterator[Failure]:
        """See Model.check."""
        yield from super().check(inputs, region)
        account_id = known(inputs, "accountId")
        if account_id is not None and len(account_id) < SHORTEST:
            yield Failure("accountId", f"{account_id!r} is too short: use {SHORTEST} to 30 characters")

    def completed(self, inputs: Properties, defaults: Mapping[str, str]) -> Properties:
        """See GcpModel.completed; the address follows from the inputs."""
        project = inputs.get("project") or defaults["project"]
        if UNKNOWN in (project, inputs.get("accountId")):
            return {}
        email = f"{inputs['accountId']}@{project}.iam.gserviceaccount.com"
        name = f"projects/{project}/serviceAccounts/{email}"
        return {"email": email, "member": f"serviceAccount:{email}", "name": name}

    def create(self, call: Call, inputs: Properties) -> Created:
        """See Model.create."""
        path, project = inputs["name"], inputs["project"]
        existing = call.get(ACCOUNT, path)
        if existing and inputs.get("createIgnoreAlreadyExists"):
            call.remove(existing)
            return Created(path, {"uniqueId": existing.outputs["uniqueId"], "disabled": existing.outputs["disabled"]})
        if existing:
            raise CloudError(
                "alreadyExists",
                f"Service account {inputs['accountId']} already exists within project projects/{project}",
                "choose another accountId, or set createIgnoreAlreadyExists to adopt it",
            )
        self._refuse(inputs)
        refuse_over_quota(call, "service-accounts", QUOTA, len(call.find(ACCOUNT, project=project)), f"in {project}")
        return Created(path, {"uniqueId": str(new_number(call)), "disabled": False})

    def update(self, call: Call, record: Record, inputs: Properties) -> Properties:
        """See Model.update; `disabled` works only here, at the creation it is without effect."""
        self._refuse(inputs)
        return {"disabled": inputs.get("disabled", False)}

    def release(self, call: Call, record: Record) -> bool:
        """See GcpModel.release; its grants mean nobody any more, not even an account made anew with its name."""
        for grant in call.find(CRYPTO_KEY_IAM_MEMBER, member=record.outputs["member"]):
            call.remove(grant)
        return True

    def _refuse(self, inputs: Properties) -> None:
        if len(inputs.get("displayName", "")) > LONGEST_DISPLAY_NAME:
            raise CloudError(
                "badRequest", "The display name is too long", f"use at most {LONGEST_DISPLAY_NAME} characters"
            )
