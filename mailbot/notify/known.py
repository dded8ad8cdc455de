"""How a view marks words that come from the configuration or the council's directory, never from a mail (para 69)."""

from typing import Annotated

Known = Annotated[str, "from the configuration or the directory"]
