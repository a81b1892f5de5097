"""The report of a run for people: one HTML file with everything in it, and tables for terminal and README."""
