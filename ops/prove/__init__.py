"""`make prove`: runs the program against a recording monitor and decides the claims over what it asked for."""
