"""The press: sheets of letters → PDF, by typst, with fonts of its own. At the edge; ``ports.Press`` is what it promises."""
