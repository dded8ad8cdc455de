"""The log on standard error: one line an event, addresses masked, since logs travel further than databases."""

import logging
import re

ADDRESS = re.compile(r"\b([\w.+-])[\w.+'-]*@([\w-]+(?:\.[\w-]+)+)")


class MaskingFormatter(logging.Formatter):
    """Writes ``s…@council.example`` for every address, those in tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        """The line with its addresses masked."""
        return ADDRESS.sub(r"\1…@\2", super().format(record))


def log_to_stderr(*, debug: bool) -> None:
    """Sends the bot's log to standard error from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.DEBUG if debug else logging.INFO, handlers=[handler], force=True)
    quieten()


def quieten() -> None:
    """Has libraries say only what is wrong: in detail they tell of what goes through them."""
    for noisy in ("imapclient", "alembic", "aiosmtplib", "markdown_it"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # It warns whenever a job takes longer than its interval, which is no fault; what fails, schedule.py says.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
