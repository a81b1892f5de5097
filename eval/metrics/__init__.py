"""How right a result is: pure functions on plain data, each with its denominator in its docstring.

The laws that every score keeps, held by property tests: an omission is never free, an invention is never free, no
output scores 0, the order of cells or documents changes nothing, a perfect answer scores 1. Field accuracy and silent
errors are in `eval.score`. docs/metrics.md lists all.
"""
