"""From a brief to a scenario file: a sketch, filled in by a model or in a conversation, and the code that makes a file of it."""
