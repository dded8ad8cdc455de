"""A letter as its reader gets it, and that its forms say the same."""

import html
import re
from itertools import pairwise

import pytest

from mailbot.errors import LetterError, TemplateError
from mailbot.letter import Recipient
from mailbot.letters.sheet import Block
from mailbot.letters.writing import DRAFT, WrittenLetter, letterhead, write
from tests.letters.letters import (
    DEV,
    MARGARET,
    ROSIE,
    WORDING,
    letter,
    rules_with,
    shipped_rules,
    template,
    written,
)

AWKWARD = (
    "O'Brien-Ní Dhomhnaill", "Ağaoğlu", "Łukasz", "Ελένη", "Жанна", "A & B <x>", '#read("/etc/passwd")', "{{ 7*7 }}",
    "**bold**", "[pay](http://x.example)", "- dash", "# hash", "1. one", "`code`", "zzv0vzz", "&amp;", "\\* \\",
)  # fmt: skip


def said(one: WrittenLetter) -> str:
    """The letter's words without how they are laid out."""
    return " ".join(re.sub(r"^[=-]+$|^ *- ", "", one.text(), flags=re.MULTILINE).split())


def page(one: WrittenLetter) -> str:
    """The words of its HTML."""
    body = re.split("<body[^>]*>", one.html())[1]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def printed(one: WrittenLetter) -> str:
    return " ".join(" ".join(block.text for block in one.sheet(()).blocks).split())


def test_the_letter_says_what_happened_what_it_means_what_is_done_and_whom_to_ask() -> None:
    text = said(written())

    wording = WORDING
    for part in (wording.when, wording.consequences, wording.done, wording.to_do, "your bank details", "We are sorry."):
        assert part in text
    for part in (*WORDING.what.split("\n"), "Callum Reeve", "01632 960 311", "callum.reeve@council.example", "Ring"):
        assert part in text
    assert "Hanna Brook Group Manager Exampleshire County Council" in text
    assert "We spoke to you about this on 21 November 2026." in text


def test_it_says_how_to_complain_to_the_council_before_the_regulator() -> None:
    text = said(written())

    assert text.index("complaints@council.example") < text.index("Information Commissioner's Office")
    assert "0303 123 1113" in text


def test_advice_follows_the_kinds_of_data() -> None:
    text = said(written())
    without = said(written(wording=WORDING.but(kinds=(), help_offered="")))

    assert "159" in text
    assert "7726" in text
    assert "What you can do" not in without


def test_a_letter_about_a_child_goes_to_the_carer_and_speaks_of_the_child_by_name() -> None:
    one = written(ROSIE)

    assert "Dear Elif Vane" in one.text()
    assert "Rosie Vane's personal information" in said(one)
    assert one.subject.startswith("Your child's personal information")
    assert "Your child's name and school." in said(one)
    assert "Somebody may know where your child goes to school." in said(one)
    assert "Somebody may have read it." not in said(one)
    assert one.sheet(()).address == ("Elif Vane", *ROSIE.lines)


def test_nobody_of_the_council_is_named_but_contact_and_owner() -> None:
    for one in (written(), written(ROSIE)):
        for shown in (one.text(), one.html(), one.sheet(()).text):
            assert "Zebedee Quill" not in shown
            assert "checked with the school" not in shown


@pytest.mark.parametrize("recipient", [MARGARET, ROSIE, DEV], ids=lambda one: one.name)
def test_text_page_and_print_say_the_same_in_the_same_order(recipient: Recipient) -> None:
    one = written(recipient)

    words = re.findall(r"\w+", printed(one))

    assert re.findall(r"\w+", said(one)) == words
    assert re.findall(r"\w+", page(one))[len(re.findall(r"\w+", shipped_rules().organisation.council)) :] == words


@pytest.mark.parametrize("name", AWKWARD)
def test_a_name_is_shown_as_it_is_written(name: str) -> None:
    one = written(MARGARET.but(name=name))

    assert f"Dear {name}" in one.text()
    assert f"Dear {html.escape(name)}" in one.html()
    assert f"Dear {name}" in printed(one)


def test_a_name_of_letters_and_loose_accents_is_composed() -> None:
    one = written(MARGARET.but(name="Agaog\u0306lu"))

    assert one.sheet(()).address[0] == "Agaoğlu"
    assert "Dear Agaoğlu" in one.text()


def test_a_draft_says_so_on_top_and_an_approved_letter_does_not() -> None:
    draft, approved = written(draft=True), written()

    assert draft.text().startswith(DRAFT)
    assert page(draft).startswith(f"Exampleshire County Council {DRAFT}")
    assert draft.sheet(()).draft
    assert "DRAFT" not in approved.text() + approved.html()
    assert not approved.sheet(()).draft


def test_the_page_loads_nothing_and_rings_by_a_touch() -> None:
    shown = written().html()

    assert not re.search(r"<(img|link|script|iframe)|url\(|https?://", shown)
    assert 'href="tel:01632960311"' in shown


def test_the_letterhead_is_the_council_with_its_address() -> None:
    assert letterhead(shipped_rules())[0] == "Exampleshire County Council"
    assert len(letterhead(shipped_rules())) > 1


def test_a_letter_without_a_part_it_must_have_is_refused_with_part_and_source() -> None:
    nobody = WORDING.contact.but(phone="")

    with pytest.raises(LetterError, match=r"DB2026014-0001: .*the telephone number of the person to ask \(para 72"):
        write(letter(wording=WORDING.but(contact=nobody)), shipped_rules())


def test_a_council_that_takes_no_complaints_gets_no_letters() -> None:
    rules = shipped_rules()
    mute = rules.but(organisation=rules.organisation.but(complaints=None))

    with pytest.raises(LetterError, match="who at the council takes a complaint"):
        write(letter(), mute)


def test_a_value_that_is_missing_is_never_printed_as_a_hole() -> None:
    rules = rules_with(letter__md=template() + "\n\nSpoken to on {{ told_on | day }}, {{ contact.fax }}\n")

    with pytest.raises(TemplateError, match=r"letter\.md"):
        write(letter(ROSIE), rules)


@pytest.mark.parametrize(
    ("added", "why"),
    [
        ("\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", "no table"),
        ("\n\n> quoted\n", "no blockquote"),
        ("\n\n---\n", "no hr"),
        ("\n\n# A second heading\n", "one heading of the first level"),
    ],
)
def test_what_paper_cannot_show_is_refused_by_its_name(added: str, why: str) -> None:
    rules = rules_with(letter__md=template() + added)

    with pytest.raises(TemplateError, match=why):
        write(letter(), rules).sheet(())


def test_a_value_never_stands_in_a_links_target() -> None:
    rules = rules_with(letter__md=template() + "\n\n[here](https://x.example/{{ name }})\n")

    with pytest.raises(TemplateError, match="link's target"):
        write(letter(), rules)


def test_headings_go_down_one_level_at_a_time() -> None:
    levels = [block.level for block in written().sheet(()).blocks if block.level]

    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_nested_lists_keep_their_order() -> None:
    rules = rules_with(letter__md=template() + "\n\n3. three\n   - inner\n4. four\n")

    block: Block = write(letter(), rules).sheet(()).blocks[-1]

    assert (block.start, block.text) == (3, "three\ninner\nfour")
