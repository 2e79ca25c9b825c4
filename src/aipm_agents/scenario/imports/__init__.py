"""Games of other testbeds, read into the scenario format: what was mapped to what, and what was lost, is told.

Each format is a module that reads a path into a `Game`; `game.py` turns that into a scenario, `written.py` into a file.
"""
