"""Many runs: a grid over seeds, seats and scenario values, carried out by workers, kept in one folder.

A sweep says what is to be run, a plan makes tasks of it, a dispatcher gives them to a crew, and one writer
keeps what comes back. A task is plain data and a run depends on nothing else, so it is the same run
whoever carries it out.
"""
