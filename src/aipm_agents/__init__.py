"""aipm-agents: a flight simulator for product decisions."""

__version__ = "0.1.0"
