"""The demo: stories of invented reports through real servers inside this process, left behind as a folder to browse.

The stories stand in stories/*.toml. ``forms``, ``filling`` and ``letters`` make the mail, ``servers`` takes and keeps
it, ``play`` moves the clock and lets the real bot work, ``gather``, ``timeline``, ``pages`` and ``start`` make the folder.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from mailbot.errors import MailbotError

INDEX = "index.html"
STYLE = "style.css"
TEMPLATES = Path(__file__).with_name("pages")
OURS = "Made by mailbot demo. It is written anew each time; keep nothing of yours in here."
MARKER = ".mailbot-demo"


def run_demo(folder: Path, say: Callable[[str], None] | None = None) -> None:
    """Plays the stories and writes the result into ``folder``, in place of an earlier result.

    ``say`` gets a line for each thing worth one; without it they go to standard output. Raises ``MailbotError``
    where the demo's servers are not installed, the folder holds something else, or a story gets stuck.
    """
    say = say or _print
    _refuse_to_overwrite(folder)
    try:
        from mailbot.demo.act import STORIES, perform  # noqa: PLC0415 - the servers are an extra that a real bot does not need
        from mailbot.demo.pages import Pages  # noqa: PLC0415
        from mailbot.demo.start import start_page  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise MailbotError(f"the demo needs {missing.name}: install mailbot with its extra, mailbot[demo]") from missing
    acts = [perform(name, say) for name in STORIES]
    files = {INDEX: start_page(acts), STYLE: (TEMPLATES / STYLE).read_bytes()}
    for act in acts:
        files |= Pages(act).files()
    _write(folder, files)
    say("")
    incidents, mails = sum(len(act.record.stories) for act in acts), sum(act.mails for act in acts)
    say(f"{incidents} incidents, {mails} mails, {len(files)} files. Open {folder / INDEX} in a browser.")


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _refuse_to_overwrite(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir() or (any(folder.iterdir()) and not (folder / MARKER).is_file()):
        raise MailbotError(f"{folder} is there already and holds something else: name another folder")


def _write(folder: Path, files: dict[str, bytes]) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    for path, content in {MARKER: OURS.encode() + b"\n", **files}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
