"""What is learned: where weights come from, how each model is trained, evaluated and loaded.

ONNX Runtime's wheels send usage data to their maker unless told not to before they are first imported, and
write an identifier under the user's home. Documents are read here on machines where nothing may leave, so it
is told here, in the package that every user of ONNX Runtime imports first. A value set by the user stands.
"""

import os

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
