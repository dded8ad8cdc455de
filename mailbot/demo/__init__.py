"""The demo: a weekend of invented reports through real servers inside this process, left behind as a folder to browse.

The story stands in weekend.toml. ``forms`` and ``letters`` make the mail, ``servers`` takes and keeps it, ``play``
moves the clock and lets the real bot work, ``gather`` and ``pages`` make the folder.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from mailbot.errors import MailbotError

INDEX = "index.html"
OURS = "Made by mailbot demo. It is written anew each time; keep nothing of yours in here."
MARKER = ".mailbot-demo"


def run_demo(folder: Path, say: Callable[[str], None] | None = None) -> None:
    """Plays the weekend and writes the result into ``folder``, in place of an earlier result.

    ``say`` gets a line for each thing that happens; without one they go to standard output. Raises ``MailbotError``
    where the demo's servers are not installed, the folder holds something else, or the weekend gets stuck.
    """
    say = say or _print
    _refuse_to_overwrite(folder)
    try:
        from mailbot.demo.gather import gather  # noqa: PLC0415 - the servers are an extra that a real bot does not need
        from mailbot.demo.letters import ADDRESSES  # noqa: PLC0415
        from mailbot.demo.pages import Pages  # noqa: PLC0415
        from mailbot.demo.play import Play  # noqa: PLC0415
        from mailbot.demo.servers import MailServers  # noqa: PLC0415
        from mailbot.demo.weekend import load_weekend  # noqa: PLC0415
        from mailbot.demo.wiring import demo_app, demo_settings  # noqa: PLC0415
        from mailbot.testing import FixedClock  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise MailbotError(f"the demo needs {missing.name}: install mailbot with its extra, mailbot[demo]") from missing
    weekend = load_weekend()
    clock = FixedClock(weekend.begins)
    with MailServers(tuple(ADDRESSES.values())) as servers, tempfile.TemporaryDirectory(prefix="mailbot-") as scratch:
        settings = demo_settings(servers, Path(scratch) / "demo.db")
        app, witnesses = demo_app(settings, clock)
        try:
            play = Play(weekend, app, clock, servers, say)
            play.run()
            record = gather(app, servers, witnesses, play.arrived)
        finally:
            app.close()
    files = Pages(record, settings).files()
    _write(folder, files)
    sent = sum(len(one.sent) for one in record.stories) + len(record.of_the_bot)
    say("")
    say(f"{len(record.stories)} incidents, {sent} mails, {len(files)} files. Open {folder / INDEX} in a browser.")


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
