import pytest

from mailbot.errors import TemplateError
from mailbot.notify.templates import Templates
from tests.notify.conftest import sources

GOOD = "---\nsubject: Hello\naudience: internal\npara: 12\n---\nHello.\n"
SHARED = {"layout.html": "{{ body }}", "layout.css": "p { margin: 0 }"}


def test_front_matter_says_subject_audience_and_paragraph() -> None:
    made = Templates.from_sources(SHARED | {"hello.md": GOOD}).message("hello")

    assert (made.subject, made.audience, made.para, made.duty, made.body) == ("Hello", "internal", "12", "", "Hello.\n")


def test_lines_may_end_as_windows_ends_them() -> None:
    made = Templates.from_sources(SHARED | {"hello.md": GOOD.replace("\n", "\r\n")}).message("hello")

    assert made.body == "Hello.\n"


def test_every_problem_is_told_at_once_with_its_file() -> None:
    with pytest.raises(TemplateError) as caught:
        Templates.from_sources(
            {
                "layout.html": "",
                "bare.md": "no front matter",
                "odd.md": "---\nsubject: x\naudience: everybody\n---\n",
                "key.md": "---\nsubjekt: x\n---\n",
                "mute.md": "---\naudience: internal\n---\n",
            }
        )

    said = str(caught.value)
    assert "layout.css is missing" in said
    for name in ("bare", "odd", "key", "mute"):
        assert f"templates/{name}.md" in said


def test_a_template_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(TemplateError, match=r"nosuch\.md is missing; there are: hello"):
        Templates.from_sources(SHARED | {"hello.md": GOOD}).message("nosuch")


def test_the_version_changes_with_the_text_a_shared_part_or_the_layout() -> None:
    def version(**changed: str) -> str:
        texts = {name.replace("__", "."): text for name, text in changed.items()}
        return Templates.from_sources(SHARED | {"hello.md": GOOD, "_part.md": "a"} | texts).message("hello").version

    versions = {version(), version(hello__md=GOOD + "x"), version(_part__md="b"), version(layout__css="")}

    assert len(versions) == 4
    assert version() == version()


def test_the_shipped_templates_name_the_paragraphs_they_serve() -> None:
    shipped = Templates.from_sources(sources()).messages.values()
    without = {one.name for one in shipped if not one.para and one.audience not in {"operator", "on_call"}}

    assert without == set()


@pytest.mark.parametrize("audience", ["internal", "outside", "on_call", "operator", "digest"])
def test_nobody_but_reporters_and_desks_can_be_sent_a_form(audience: str) -> None:
    text = f"---\nsubject: Hello\naudience: {audience}\nencloses: report_form\n---\nHello.\n"

    with pytest.raises(TemplateError, match="only a mail to desk or reporter may enclose a form"):
        Templates.from_sources(SHARED | {"hello.md": text})


def test_what_cannot_be_enclosed_is_refused() -> None:
    text = "---\nsubject: Hello\naudience: desk\nencloses: everything\n---\nHello.\n"

    with pytest.raises(TemplateError, match="what can be enclosed is report_form"):
        Templates.from_sources(SHARED | {"hello.md": text})
