"""Links that start an answer, sent back unread: they end nothing that needs a reader's own words."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from tests.e2e.conversation import answer, mail_of
from tests.house import DPO, IG_DESK, SAM, House, html_of, text_of

MEMBER = "sofia.marlow@council.example"


def prefilled(mail_html: str) -> list[str]:
    links = re.findall(r'href="(mailto:[^"]+&amp;body=[^"]*)"', mail_html)
    return [unquote(unescape(link).partition("&body=")[2]) for link in links]


@pytest.mark.parametrize(
    ("reader", "template", "sender"), [(IG_DESK, "queue_notice", MEMBER), (DPO, "dpo_notice", DPO)]
)
def test_an_unfinished_answer_sent_back_unread_ends_no_duty(
    reported: House, reader: str, template: str, sender: str
) -> None:
    mail = mail_of(reported, reader, template)
    unfinished = [body for body in prefilled(html_of(mail)) if body.endswith(" ")]
    before = reported.incident()

    for body in unfinished:
        incident = answer(reported, mail, body, sender)
        assert {duty.kind for duty in before.open_duties} <= {duty.kind for duty in incident.open_duties}, body
        assert incident.severity_is_provisional
        assert incident.aware_at == before.aware_at
    assert len(unfinished) >= 2


def test_the_desk_is_told_word_for_word_how_to_name_who_is_not_known(reported: House) -> None:
    text = text_of(mail_of(reported, IG_DESK, "queue_notice"))

    assert "Responsible manager: [" in text
    assert "Names: not known, because …" in text


def test_the_dpo_is_told_how_to_move_the_clock(reported: House) -> None:
    assert "Aware: [" in text_of(mail_of(reported, DPO, "dpo_notice"))
    assert "Aware: [" not in text_of(reported.sent_to(SAM)[0])
