"""From what is written to a PDF: blocks that both engines print, and the places of the answers on its pages."""
