"""Runs: every case extracted and scored once, kept as a folder that later tools read and never change."""
