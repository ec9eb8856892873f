"""The stand-in for the vendor's Python language host; set-up copies it to where the engine finds it."""
