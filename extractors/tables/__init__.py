"""Ruled tables: found and read on one page (raster.py for scans, digital.py for text layers), joined over pages."""
