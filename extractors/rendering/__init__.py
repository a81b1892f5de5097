"""Opens untrusted files, in a process of its own: a crash, a hang or a memory hunger stays there.

`child` is the program that runs; `pages.process` starts it. Only the standard library, Pillow and pypdfium2
are imported here, so that it starts in a fraction of a second and has little to be attacked through.
"""
