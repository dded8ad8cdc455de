"""A document as its reader sees it, whatever the file format: paragraphs and tables, in order."""

from mailbot.value import Value


class Paragraph(Value):
    """One paragraph. ``control`` names the form control that holds its answer, where the format has such a thing."""

    text: str
    control: str = ""
    heading: bool = False


class Cell(Value):
    """One table cell. ``continued``: it is the lower part of a cell merged over several rows."""

    parts: "tuple[Paragraph | Table, ...]" = ()
    continued: bool = False

    @property
    def text(self) -> str:
        """The text of its own paragraphs, one a line; nested tables are not in it."""
        return "\n".join(part.text for part in self.parts if isinstance(part, Paragraph)).strip()

    @property
    def control(self) -> str:
        """The name of the first form control in it."""
        return next((part.control for part in self.parts if isinstance(part, Paragraph) and part.control), "")

    @property
    def tables(self) -> "tuple[Table, ...]":
        return tuple(part for part in self.parts if isinstance(part, Table))


class Table(Value):
    """A table: rows of cells; rows may differ in length."""

    rows: tuple[tuple[Cell, ...], ...] = ()


Block = Paragraph | Table

Cell.model_rebuild()


def text_of(blocks: tuple[Block, ...]) -> str:
    """Everything that is written in a document, one paragraph or table row a line."""
    return "\n".join(line for block in blocks for line in _lines_of(block) if line.strip())


def _lines_of(block: Block) -> list[str]:
    if isinstance(block, Paragraph):
        return [block.text]
    lines = []
    for row in block.rows:
        lines.append("\t".join(cell.text for cell in row))
        lines.extend(line for cell in row for table in cell.tables for line in _lines_of(table))
    return lines
