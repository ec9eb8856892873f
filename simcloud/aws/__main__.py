"""Start the simulated AWS provider: `python -m simcloud.aws ENGINE_ADDRESS`, see bin/pulumi-resource-aws."""

import sys

from simcloud.aws.config import refuse_real_credentials
from simcloud.aws.provider import AwsProvider
from simcloud.core.start import start

if __name__ == "__main__":
    sys.exit(start("pulumi-aws", AwsProvider, refuse_real_credentials))
