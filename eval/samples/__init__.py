"""Reports of bodies that do not exist, typeset and scanned by us, with the truth known because we wrote it.

`spec.py` says what a sample is; `authored.py` reads the samples in data/samples, `invent.py` draws others from a
seed; `html.py` and `chromium.py` print them, `scan.py` degrades the prints, `build.py` puts a case folder together.
Only making samples needs Chromium and the fonts; reading them needs neither.
"""
