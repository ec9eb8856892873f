"""What is known of each provider: a module, or a package where one would be too long, with the provider's name and a
`FACTS` (`fleet.facts.ProviderFacts`). `fleet.discovery` finds them; docs/adding-a-provider.md says how to add one.

Coordinates of regions are those of the city or area that the provider names, to about half a degree: enough for a lower
bound of the delay between two regions, never for a measurement. Regions are general knowledge of the providers' lists as
of 2026; one that is missing is added where the others of its provider stand.
"""
