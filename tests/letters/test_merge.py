"""Many letters at once: each its own, and what cannot leave held with its reason."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.letter import Channel, Recipient
from mailbot.letters.merge import BY_TELEPHONE, NO_ADDRESS, NO_CARER, NO_EMAIL, Held, Ready, letters_of, prepare
from mailbot.terms import Reference
from mailbot.testing.press import CHARACTERS
from tests.letters.letters import DEV, MARGARET, MONDAY, ROSIE, WORDING, letter, rules_with, shipped_rules, template

REFERENCE = Reference("DB2026014")
FIELDS = ("name", "addressee", "line", "data", "email", "because", "told_by")


def marked(number: int, *, child: bool, told: bool, post: bool, own_data: bool) -> Recipient:
    """A person every one of whose texts bears the person's own mark."""
    mark = {field: f"q{number}x{field}" for field in FIELDS}
    return Recipient(
        row=number + 2,
        name=mark["name"],
        addressee=mark["addressee"] if child else "",
        because=mark["because"] if child else "",
        child=child,
        lines=(mark["line"], "Exampleton", "ZZ99 2BB") if post else (),
        email="" if post else f"{mark['email']}@mail.example",
        channel=Channel.POST if post else Channel.EMAIL,
        data=(mark["data"],) if own_data else (),
        told_on=MONDAY if told else None,
        told_by=mark["told_by"],
    )


people = st.lists(st.tuples(*[st.booleans()] * 4), min_size=2, max_size=8).map(
    lambda flags: [
        marked(number, child=child, told=told, post=post, own_data=own)
        for number, (child, told, post, own) in enumerate(flags)
    ]
)


@given(people)
@settings(max_examples=40, deadline=None)
def test_no_letter_carries_anything_of_another_recipient(recipients: Sequence[Recipient]) -> None:
    made = [prepare(one, shipped_rules(), CHARACTERS) for one in letters_of(recipients, WORDING, REFERENCE, MONDAY)]

    for number, one in enumerate(made):
        assert isinstance(one, Ready)
        whole = one.written.text() + one.written.html() + (one.sheet.model_dump_json() if one.sheet else "")
        assert f"q{number}xname" in whole
        assert [other for other in range(len(made)) if other != number and f"q{other}x" in whole] == []
        assert f"q{number}xtold_by" not in whole
        assert f"q{number}xbecause" not in whole


def test_letters_are_numbered_in_the_order_of_the_list_and_bear_its_date() -> None:
    made = list(letters_of((MARGARET, ROSIE), WORDING, REFERENCE, MONDAY))

    assert [one.name for one in made] == ["DB2026014-0001", "DB2026014-0002"]
    assert {one.on for one in made} == {MONDAY}
    assert all(one.draft for one in made)


@pytest.mark.parametrize(
    ("recipient", "because"),
    [
        (MARGARET.but(channel=Channel.TELEPHONE), BY_TELEPHONE),
        (MARGARET.but(lines=()), NO_ADDRESS),
        (DEV.but(email=""), NO_EMAIL),
        (ROSIE.but(addressee=""), NO_CARER),
        (ROSIE.but(because=""), NO_CARER),
    ],
)
def test_who_cannot_or_must_not_be_written_to_is_held(recipient: Recipient, because: str) -> None:
    assert prepare(letter(recipient), shipped_rules(), CHARACTERS) == Held("DB2026014-0001", recipient.row, because)


def test_a_name_that_no_font_can_print_is_held_with_its_characters() -> None:
    one = prepare(letter(MARGARET.but(name="Li 字😀")), shipped_rules(), CHARACTERS)

    assert isinstance(one, Held)
    assert "字 (U+5B57" in one.because
    assert "U+1F600" in one.because
    assert "Li" not in one.because.replace("Latin", "")


def test_the_same_name_goes_by_email_whatever_the_fonts_have() -> None:
    assert isinstance(prepare(letter(DEV.but(name="Li 字")), shipped_rules(), CHARACTERS), Ready)


def test_a_letter_that_the_template_cannot_write_is_held_and_names_the_template() -> None:
    rules = rules_with(letter__md=template() + "\n\n{{ told_on | day }}\n")

    assert isinstance(prepare(letter(MARGARET), rules, CHARACTERS), Ready)
    one = prepare(letter(ROSIE), rules, CHARACTERS)
    assert isinstance(one, Held)
    assert "templates/letter.md" in one.because
