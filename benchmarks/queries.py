"""The queries behind digest and due duties, with the same number of open incidents among more and more closed ones.

    python -m benchmarks.queries [--sizes 1000 100000]

They must not grow with what is closed. The rows are written directly: a real incident's, again and again under other
numbers, all but a few of them closed.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import batched_rows
from pathlib import Path

