"""What a host runs, as pure rendering: strings from the plan, without Pulumi and without a secret."""
