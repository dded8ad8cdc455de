import pytest

from mailbot.notify.markdown import parse, to_text


def text(source: str) -> str:
    return to_text(parse(source).tokens, str)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("# Title\n\nWords.", "Title\n=====\n\nWords.\n"),
        ("## Part\n\nWords.", "Part\n----\n\nWords.\n"),
        ("One **bold** and *slanted* `word`.", "One bold and slanted word.\n"),
        ("- one\n- two", "- one\n- two\n"),
        ("3. one\n4. two", "3. one\n4. two\n"),
        ("- one\n  - within\n- two", "- one\n   - within\n- two\n"),
        ("See [the page](https://council.example/x).", "See the page: https://council.example/x.\n"),
        ("<https://council.example/x>", "https://council.example/x\n"),
        ("Ring [01632 960300](tel:01632960300).", "Ring 01632 960300.\n"),
        ("> Take care", "> Take care\n"),
        ("| a | b |\n|---|---|\n| one | two |", "one: two\n"),
        ("| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |", "a: 1\nb: 2\nc: 3\n"),
        ("one\ntwo", "one two\n"),
        ("one\\\ntwo", "one\ntwo\n"),
        ("a\n\n---\n\nb", f"a\n\n{'-' * 40}\n\nb\n"),
        ("```\nas it is\n```", "    as it is\n"),
    ],
)
def test_plain_text_reads_as_the_markdown_does(source: str, shown: str) -> None:
    assert text(source) == shown


def test_long_lines_are_broken_and_set_in_under_their_mark() -> None:
    lines = text("- " + "word " * 40).splitlines()

    assert max(map(len, lines)) <= 76
    assert lines[0].startswith("- word")
    assert all(line.startswith("  word") for line in lines[1:])


def test_a_long_address_is_never_broken() -> None:
    address = "https://council.example/" + "x" * 200

    assert address in text(f"See [it]({address}).")


@pytest.mark.parametrize("source", ["<b>bold</b>", "![picture](https://elsewhere.example/x.png)", "<script>x</script>"])
def test_neither_raw_html_nor_pictures_reach_the_html(source: str) -> None:
    html = parse(source).html

    assert not any(tag in html for tag in ("<b>", "<img", "<script"))


def test_every_link_target_is_listed() -> None:
    assert parse("[a](https://a.example) and [b](tel:1)").link_targets == ("https://a.example", "tel:1")
