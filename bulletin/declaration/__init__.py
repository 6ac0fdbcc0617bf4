"""Declarations: the files that people edit. Read with positions, held to a model, every fault in words."""
