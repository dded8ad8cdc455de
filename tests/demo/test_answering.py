"""How the demo's people find the mail they answer, and fill in the bot's forms."""

import io
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from mailbot.demo.filling import can_fill_in, filled_in
from mailbot.demo.letterbox import Letterbox
from mailbot.demo.script import Answer, Outage
from mailbot.demo.servers import DemoError
from mailbot.notify.forms.docx import docx_of
from mailbot.notify.forms.form import Column, Form, Question, Rows, Section
from tests.demo.test_forms import read

READER = "jo.fenn@council.example"
TICKED = "Does this leave out every detail of the people affected?"
FORM = docx_of(
    Form(
        title="A form",
        council="Exampleshire",
        sections=(
            Section(
                title="Questions",
                questions=(
                    Question(field="one", question="What did you find out?"),
                    Question(field="two", question=TICKED, ticks=("Yes", "No, not yet")),
                ),
            ),
            Section(
                title="What should be done",
                table=Rows(
                    columns=(
                        Column(heading="No.", width=800),
                        Column(heading="What", width=3000, field="what"),
                        Column(heading="Owner", width=3000, field="owner"),
                    ),
                    rows=(("1", "", ""), ("2", "", "")),
                ),
            ),
        ),
    )
)


def mail(link_for: str, code: str = "DB2026014 k7f3q2", number: int = 1) -> bytes:
    """A mail of the bot that offers one link."""
    email = EmailMessage()
    email["Subject"], email["Message-ID"] = f"Please answer [{code}]", f"<db2026014.contain.{number}.x@council.example>"
    email.set_content("Please answer.")
    link = (
        f"mailto:mailbot@council.example?subject=Re:%20incident%20%5B{code.replace(' ', '%20')}%5D&body={link_for}:%20"
    )
    email.add_alternative(f'<p><a href="{link}">{link_for}: …</a></p>', subtype="html")
    return email.as_bytes(policy=SMTP)


def answer(words: str, **more: str) -> Answer:
    return Answer.model_validate(
        {"at": datetime(2026, 11, 20), "by": f"Jo Fenn <{READER}>", "about": "DB2026014", "words": words} | more  # noqa: DTZ001 -- the stories' moments are London's
    )


def test_the_newest_mail_that_offers_a_link_for_the_answer_is_answered() -> None:
    letterbox = Letterbox()
    older, newer, other = mail("Contained", number=1), mail("Contained", number=2), mail("Review", number=3)
    for content in (older, newer, other):
        letterbox.keep(READER, content)
    asked = letterbox.asked(answer("Contained: yes, all of it"))
    assert asked.content == newer
    assert asked.offer is not None
    assert asked.offer.key == "contained"


def test_a_mail_about_another_incident_is_not_answered() -> None:
    letterbox = Letterbox()
    letterbox.keep(READER, mail("Contained", code="DB2026015 k7f3q2"))
    with pytest.raises(DemoError, match="never got a mail about DB2026014"):
        letterbox.asked(answer("Contained: yes"))


def test_words_without_a_key_answer_the_newest_mail_about_the_duty() -> None:
    letterbox = Letterbox()
    letterbox.keep(READER, mail("Review"))
    assert letterbox.asked(answer("they have deleted it", duty="contain")).offer is None


def test_nobody_answers_what_went_to_somebody_else() -> None:
    letterbox = Letterbox()
    letterbox.keep("mina.clough@council.example", mail("Contained"))
    with pytest.raises(DemoError, match="never got a mail"):
        letterbox.asked(answer("Contained: yes"))


def test_a_form_of_the_bot_is_read_as_it_was_filled_in() -> None:
    form = filled_in(
        FORM, {"What did you find out?": "A <wrong> address", TICKED: "Yes"}, [("Train", "a@council.example")]
    )
    said = " ".join(f"{row.label} {row.answer}" for row in read(form).rows)
    assert "A <wrong> address" in said
    with zipfile.ZipFile(io.BytesIO(form)) as package:
        document = package.read("word/document.xml").decode()
    assert document.count("☒") == 1
    assert document.index("Train") < document.index("a@council.example")


def test_a_question_that_the_form_does_not_ask_is_not_filled_in() -> None:
    assert not can_fill_in(FORM, {"Who are you?": "Jo"})
    with pytest.raises(DemoError, match="asks none of these: Who are you"):
        filled_in(FORM, {"Who are you?": "Jo"})


def test_an_outage_covers_its_beginning_and_not_its_end() -> None:
    begins, ends = datetime(2026, 11, 24, 16, tzinfo=UTC), datetime(2026, 11, 25, 11, tzinfo=UTC)
    outage = Outage(from_at=begins, until_at=ends)
    assert outage.covers(begins)
    assert not outage.covers(ends)
