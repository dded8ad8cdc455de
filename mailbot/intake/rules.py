"""What intake looks for: the ``[intake]`` table of config/mailbot.toml as one frozen value.

Words are matched by ``intake.title.says``: in any letter case, spacing and punctuation, with small slips of the
pen, wherever they stand in a subject or a file name. So prefixes (RE:, FW:, [EXTERNAL], OFFICIAL-SENSITIVE) need no list.
"""

from pydantic import Field

from mailbot.value import Value

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE


class IntakeLimits(Value):
    """How much of a message is read. What lies beyond is named in the problems and stays in the mailbox.

    Sizes are in bytes, ``text_length`` and ``header_length`` in characters. ``unpacked`` is how much may be taken out
    of archives, saved messages and the like, all together.
    """

    parts: int = Field(default=300, gt=0)
    depth: int = Field(default=12, gt=0)
    attachments: int = Field(default=100, gt=0)
    unpacked: int = Field(default=40 * MEGABYTE, gt=0)
    text_length: int = Field(default=200_000, gt=0)
    html_size: int = Field(default=2 * MEGABYTE, gt=0)
    header_length: int = Field(default=20_000, gt=0)
    header_block: int = Field(default=256 * KILOBYTE, gt=0)
    form_size: int = Field(default=5 * MEGABYTE, gt=0)
    forms_looked_at: int = Field(default=5, ge=0)


class IntakeRules(Value):
    """Whom the bot serves and by what it knows its mail.

    ``titles``: what para 32 asks people to write. ``fillers``: words that may slip in between a title's words
    ("Urgent Data *Breach* Incident"). ``form_names``: how report forms are called as files. ``call_log_titles``:
    what a desk writes over the log of a telephone call (paras 30, 35); it counts only from one of ``desks``
    (the shared addresses and their members).
    ``near_miss_words``: mail that speaks so but is not ours is left alone and counted for the IG Team.
    ``authserv_ids``: the names under which the council's own gateway writes Authentication-Results; the empty
    name stands for Microsoft 365, which writes none. ``internal_header``: name and value of the header by which
    the council's own Exchange marks mail of signed-in staff. ``reply_marker`` stands above the quotation in our mail.
    """

    bot_address: str
    domains: tuple[str, ...]
    desks: tuple[str, ...] = ()
    titles: tuple[str, ...] = ("Urgent Data Incident",)
    fillers: tuple[str, ...] = ("breach", "security", "protection", "information", "personal", "possible", "and", "or")
    form_names: tuple[str, ...] = (
        "incident report form",
        "incident reporting form",
        "data incident form",
        "data incident report",
        "incident report",
        "breach report form",
        "breach reporting form",
        "breach notification form",
        "data breach form",
        "data breach report",
    )
    call_log_titles: tuple[str, ...] = (
        "Incident call log",
        "Call log incident",
        "Phoned incident",
        "Incident by phone",
    )
    near_miss_words: tuple[str, ...] = (
        "data incident",
        "data breach",
        "breach of data",
        "data protection breach",
        "security incident",
        "security breach",
        "information breach",
        "gdpr breach",
        "incident report",
        "lost laptop",
        "stolen laptop",
        "sent to wrong",
    )
    reference_prefix: str = Field(default="DB", pattern="^[A-Z]{1,6}$")
    authserv_ids: tuple[str, ...] = ()
    internal_header: tuple[str, str] | None = None
    reply_marker: str = "Please reply above this line"
    limits: IntakeLimits = IntakeLimits()

    @property
    def bot_domain(self) -> str:
        """The part after the @ of the bot's own address, in lower case."""
        return self.bot_address.rpartition("@")[2].lower()

    def is_inside(self, address: str) -> bool:
        """Whether an address lies in one of the council's own domains or a subdomain of it."""
        domain = address.rpartition("@")[2].lower()
        return any(domain == own.lower() or domain.endswith("." + own.lower()) for own in self.domains)

    def is_bot(self, address: str) -> bool:
        """Whether an address is the bot's own, with or without a plus-part."""
        local, _, domain = address.lower().rpartition("@")
        return f"{local.partition('+')[0]}@{domain}" == self.bot_address.lower()
