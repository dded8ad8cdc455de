"""Parts of XML → one Office file (ECMA-376 part 2): the same parts give the same bytes."""

import io
import zipfile
from collections.abc import Mapping

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_AT_NO_TIME = (2026, 1, 1, 0, 0, 0)


def packed(parts: Mapping[str, str]) -> bytes:
    """The file. ``parts``: name within it → XML without its declaration, in the order in which they are to stand."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as package:
        for name, content in parts.items():
            described = zipfile.ZipInfo(name, _AT_NO_TIME)
            described.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(described, (_XML + content).encode())
    return into.getvalue()
