"""How a record leaves the system: one module per format, all of them pure."""
