"""A file that goes with a mail, before it is made. A value only."""

from mailbot.notify.forms.form import Form
from mailbot.value import Value


class Enclosure(Value):
    """Its name, and the form it is made of."""

    name: str
    form: Form
