"""What follows from a verdict: one action a file, each within the transaction that keeps its row.

Every action may be repeated without effect: a delivery bounces once, and a stop that holds isn't written again.
"""
