"""Everything a teacher needs to run a class on paper, without a network: documents for three kinds of reader.

A kit is a pure function of a scenario and a sample of runs. A card comes from the view of its seat and from
nothing else; what all may read, from the view of the public; the rest is the facilitator's.
"""
