"""A provider that there is not, in the files that a real one would consist of. `tests/toy/fleet_on_toycloud.py` puts them
where the repository's own are looked for, `tests/engine/test_a_fifth_provider.py` copies them over the repository's;
nothing else knows of them.
"""
