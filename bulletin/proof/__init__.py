"""Proof: what a careful colleague would notice in an issue. One file a family of rules."""
