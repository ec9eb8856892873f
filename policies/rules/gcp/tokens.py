"""The types that rules on GCP look at."""

from typing import Final

INSTANCE: Final = "gcp:compute/instance:Instance"
DISK: Final = "gcp:compute/disk:Disk"
ATTACHMENT: Final = "gcp:compute/attachedDisk:AttachedDisk"
ADDRESS: Final = "gcp:compute/address:Address"
FIREWALL: Final = "gcp:compute/firewall:Firewall"
NETWORK: Final = "gcp:compute/network:Network"
SUBNETWORK: Final = "gcp:compute/subnetwork:Subnetwork"
ROUTE: Final = "gcp:compute/route:Route"
ROUTER: Final = "gcp:compute/router:Router"
NAT: Final = "gcp:compute/routerNat:RouterNat"
KEY: Final = "gcp:kms/cryptoKey:CryptoKey"
GRANT: Final = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
ACCOUNT: Final = "gcp:serviceaccount/account:Account"
