"""Reports of bodies that do not exist, typeset and scanned by us, with the truth known because we wrote it.

    content/    what is written: drawn from seeds (`invent.py`, `others.py`) or read from files (`authored.py`)
    typeset/    what is written -> blocks -> PDF, by Chromium or by LibreOffice, and where each answer stands
    scan/       a printed page -> a scan of it; the ladder of severities
    paper.py    what is printed and its labels;  case_files.py  both on disk
    samples.py, authored_set.py, splits.py   the three things made: data/samples, data/eval, large splits
    scans.py    the scans of a set, on first use;  verify.py, sheets.py   do labels and pages agree?

Only making prints needs the engines and the fonts; scanning, reading and testing need neither.
"""
