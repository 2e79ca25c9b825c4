"""A benchmark others can run: a fixed suite of games, one score sheet, a card with everything needed to repeat it."""
