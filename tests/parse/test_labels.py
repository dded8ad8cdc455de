import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.parse.answer_text import clean_answer
from mailbot.parse.counts import understand_count
from mailbot.parse.labels import SURE, match_label, pair_lines
from mailbot.parse.lines import Line
from mailbot.parse.rules import FormRules


def read(text: str, rules: FormRules, *, is_form: bool = False) -> dict[str, str]:
    lines = [Line(text=line, source=f"mail, line {number}") for number, line in enumerate(text.split("\n"), start=1)]
    return {row.field or row.label: row.answer for row in pair_lines(lines, rules, is_form=is_form).rows}


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Date incident was discovered:", "discovered_at"),
        ("DATE(S) OF INCIDENT", "occurred_date"),
        ("3.2) Place of incident *", "place"),
        ("Q4. When did you first become aware?", "discovered_at"),
        ("Date of insident", "occurred_date"),
        ("reporter_name", "reporter"),
        ("dateOfIncident", "occurred_date"),
        ("What happened? Please give as much detail as you can.", "description"),
        ("Number of people affected (approx.)", "subjects"),
        ("Contact details (email / telephone)", "reporter_contact"),
        ("Has your manager been told?", "line_manager_told"),
        ("Your   line manager’s name", "line_manager"),
    ],
)
def test_a_label_is_known_when_it_is_written_in_another_way(label: str, field: str, rules: FormRules) -> None:
    assert match_label(label, "", rules).name == field


@pytest.mark.parametrize(
    "label", ["", "No", "Yes", "the letter", "Kind regards", "We have", "x" * 500, "He said that I should"]
)
def test_nothing_is_matched_when_a_text_is_no_label(label: str, rules: FormRules) -> None:
    assert match_label(label, "", rules).name == ""


def test_a_label_is_doubtful_when_it_only_resembles_a_wording(rules: FormRules) -> None:
    found = match_label("Full name of reporter", "", rules)

    assert found.name == "reporter"
    assert found.score < SURE


def test_every_wording_of_the_form_is_known_by_its_own_field_or_an_earlier_one(rules: FormRules) -> None:
    assert all(rules.labels.match(name) == (name, 1.0) for name in rules.fields if name != "title")


def test_labelled_lines_of_a_mail_are_read_with_stories_over_several_paragraphs(rules: FormRules) -> None:
    text = "Hello,\nlast night something happened.\n\nName: Sam Reporter\n* Date of incident: 20/11/2026\nWhat happened: I posted a letter.\nIt was the wrong one.\n\nI noticed at once.\n\nMany thanks,\nSam\nTelephone: 01632 960001"

    assert read(text, rules) == {
        "reporter": "Sam Reporter",
        "occurred_date": "20/11/2026",
        "description": "I posted a letter.\nIt was the wrong one.\nI noticed at once.",
        "reporter_phone": "01632 960001",
    }


def test_an_answer_is_found_when_it_stands_below_its_question(rules: FormRules) -> None:
    assert read("How many people are affected?\nabout 30\n\nWhere did it happen?\n\nTown Hall", rules) == {
        "subjects": "about 30",
        "place": "Town Hall",
    }


def test_a_story_is_left_alone_when_it_only_uses_the_words_of_a_form(rules: FormRules) -> None:
    assert (
        read(
            "I told my manager: she will ring.\nThe letter went to 14 people\nNote: see https://council.example/form",
            rules,
        )
        == {}
    )


def test_an_unknown_label_counts_only_when_a_document_asks_it(rules: FormRules) -> None:
    assert read("Colour of folder: mauve", rules) == {}
    assert read("Colour of folder: mauve", rules, is_form=True) == {"Colour of folder": "mauve"}


@given(lines=st.lists(st.text(max_size=60), max_size=20), is_form=st.booleans())
def test_no_line_is_lost_or_raises_whatever_is_written(lines: list[str], is_form: bool, rules: FormRules) -> None:
    pairing = pair_lines([Line(text=line, source="") for line in lines], rules, is_form=is_form)
    kept = " ".join([*pairing.loose, *(f"{row.label} {row.answer}" for row in pairing.rows)])

    assert all(word in kept for line in lines for word in line.split() if word.isalpha())


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("☒ Yes ☐ No", "Yes"),
        ("☐ Yes ☑ No", "No"),
        ("Yes ☐ No ☒", "No"),
        ("[x] Email [ ] Post [x] Fax", "Email; Fax"),
        ("☐ Yes ☐ No", ""),
        ("☑", "Yes"),
        ("☒ Yes ☐ No If yes, who: the police", "Yes; the police"),
        ("Yes / No", ""),
        ("y/n", ""),
        ("Yes", "Yes"),
        ("No", "No"),
        ("n/a", "n/a"),
        ("____________", ""),
        ("Click or tap here to enter text.", ""),
        ("  two   words \n\n third ", "two words\nthird"),
    ],
)
def test_an_answer_is_read_as_a_person_would(written: str, answer: str, rules: FormRules) -> None:
    assert clean_answer(written, rules.folded_placeholders) == answer


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("14", 14),
        ("approx. 250", 250),
        ("1,200 people", 1200),
        ("30-40", 40),
        ("two families", 2),
        ("12k", 12_000),
        ("2 million", 2_000_000),
        ("a dozen or so", 12),
        ("none", 0),
        ("Not known", None),
        ("", None),
    ],
)
def test_a_number_of_people_is_understood_at_its_greatest(text: str, count: int | None) -> None:
    assert understand_count(text) == count
