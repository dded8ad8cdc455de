"""Fuzzes the reader for as long as it is let: what reads a stranger's mail must neither raise, hang nor grow.

    python -m tests.fuzz.fuzz_reader [--documents] CORPUS_FOLDER -max_total_time=300 -timeout=10 -rss_limit_mb=1500

``--documents`` damages an attachment instead of the mail. Needs atheris (``pip install atheris``, not among the project's own requirements). The first argument is a folder in which
it keeps what it learns; the rest goes to libFuzzer, which writes a file beside it for every input that fails.
"""

import importlib
import logging
import sys
import warnings
from pathlib import Path
from typing import Any

READERS = ("mailbot", "pypdf", "pypdfium2", "olefile", "openpyxl", "pdfplumber", "inscriptis", "flufl")


def main() -> None:
    try:
        atheris: Any = importlib.import_module("atheris")
    except ImportError:
        sys.exit("atheris is not installed: pip install atheris")
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=list(READERS)):
        seeds = importlib.import_module("tests.fuzz.seeds")
    documents = "--documents" in sys.argv
    sys.argv[:] = [one for one in sys.argv if one != "--documents"]
    folder = next((Path(one) for one in sys.argv[1:] if not one.startswith("-")), None)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds.DOCUMENTS if documents else seeds.SEEDS):
            (folder / f"seed-{number}").write_bytes(seed)
    atheris.Setup(sys.argv, seeds.check_document if documents else seeds.check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
