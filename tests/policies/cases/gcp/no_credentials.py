"""Cases of gcp-no-credentials."""

from policies.rules.gcp.no_credentials import RULE
from tests.support.policy_cases import Cases, having
from tests.support.policy_samples import gcp

CASES = Cases(
    rule=RULE,
    good=gcp.account(),
    fails={
        "a key of an account": having(type="gcp:serviceaccount/key:Key"),
        "an HMAC key": having(type="gcp:storage/hmacKey:HmacKey"),
        "an API key": having(type="gcp:projects/apiKey:ApiKey"),
        "a key for OS Login": having(type="gcp:oslogin/sshPublicKey:SshPublicKey"),
        "the project's metadata": having(type="gcp:compute/projectMetadata:ProjectMetadata"),
        "an item of it": having(type="gcp:compute/projectMetadataItem:ProjectMetadataItem"),
    },
    passes={"a KMS key": lambda _: gcp.key()},
)
