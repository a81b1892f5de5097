"""Readers of public table sets: each file into plain tables, or `eval.cases.BadCase` with the file and its fault.

What a set leaves open is never filled in by guess. A label that cannot be read is an error, not a table less: a
benchmark that skips what it cannot read scores too high.
"""
