"""A template that leaves out what a letter must say is found before any letter is written."""

import pytest

from mailbot.letters.letter_rules import LetterFile
from mailbot.letters.parts import template_problems
from tests.letters.letters import letter, rules_with, shipped_rules, template

PARTS = {one.name: one for one in shipped_rules().file.parts}


def test_the_shipped_template_says_everything() -> None:
    assert template_problems(letter(), shipped_rules()) == ()


@pytest.mark.parametrize("name", ["consequences", "done", "to_do", "what", "when"])
def test_a_paragraph_left_out_is_named_with_its_source(name: str) -> None:
    rules = rules_with(letter__md=template().replace(f"{{% for paragraph in {name} %}}", "{% for paragraph in () %}"))

    problems = template_problems(letter(), rules)

    assert len(problems) == 2
    for problem in problems:
        assert PARTS[name].words in problem
        assert PARTS[name].source in problem


@pytest.mark.parametrize("name", [name for name in PARTS if "." in name])
def test_a_name_or_number_left_out_is_named(name: str) -> None:
    parts = {
        f"_letter_{which}__md": (rules_source(which)).replace(f"{{{{ {name}", "{{ 'gone'")
        for which in ("contact", "complaints")
    }
    rules = rules_with(letter__md=template().replace(f"{{{{ {name}", "{{ 'gone'"), **parts)

    assert any(PARTS[name].words in one for one in template_problems(letter(), rules))


def test_a_part_that_only_an_adults_letter_says_is_missed_in_a_childs() -> None:
    hidden = (
        template()
        .replace("## Who to contact", "{% if not child %}\n## Who to contact")
        .replace("## If you are not happy with us", "{% endif %}\n## If you are not happy with us")
    )

    problems = template_problems(letter(), rules_with(letter__md=hidden))

    assert problems
    assert all("about a child" in one for one in problems)


def test_the_persons_own_data_must_be_printed_where_there_are_any() -> None:
    rules = rules_with(_letter_data__md="{% for one in data %}\n{{ one }}\n\n{% endfor %}\n")

    assert any("which information was involved" in one for one in template_problems(letter(), rules))


def test_a_part_that_no_letter_has_is_refused_with_those_it_has() -> None:
    part = PARTS["what"].but(name="whatever").model_dump()
    whole = shipped_rules().file.model_dump()

    with pytest.raises(ValueError, match=r"no value called whatever; it has .*contact\.phone"):
        LetterFile.model_validate(whole | {"parts": [part]})


@pytest.mark.parametrize("change", ["twice", "never"])
def test_each_kind_of_data_has_its_advice_once(change: str) -> None:
    whole = shipped_rules().file.model_dump()
    advice = [*whole["advice"], whole["advice"][0]] if change == "twice" else whole["advice"][1:]

    with pytest.raises(ValueError, match="one row of advice: look at contact"):
        LetterFile.model_validate(whole | {"advice": advice})


def rules_source(which: str) -> str:
    return shipped_rules().templates.parts[f"_letter_{which}.md"]
