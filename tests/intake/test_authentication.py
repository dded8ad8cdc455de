import pytest

from mailbot.intake.authentication import read_results
from mailbot.intake.message import read_message
from tests.intake.mails import RULES, mail

GOOD = "mx.council.example; spf=pass smtp.mailfrom=council.example; dmarc=pass (p=reject) header.from=council.example"
M365 = "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=council.example; dkim=pass (signature; verified); dmarc=pass action=none header.from=council.example;compauth=pass reason=100"


@pytest.mark.parametrize(
    ("line", "proven"),
    [
        (GOOD, True),
        (GOOD.upper(), True),
        ("mx.council.example 1; dmarc=pass header.from=council.example", True),
        ('"mx.council.example"; dmarc=pass header.from="council.example"', True),
        (GOOD.replace("dmarc=pass", "dmarc=fail"), False),
        (GOOD.replace("header.from=council", "header.from=evil"), False),
        (GOOD.replace("mx.council", "mx.evil"), False),
        ("mx.council.example; spf=pass smtp.mailfrom=council.example", False),
        ("mx.council.example; none", False),
        ("mx.council.example (dmarc=pass header.from=council.example); dmarc=none", False),
        ('mx.council.example; spf=fail reason="x; dmarc=pass header.from=council.example"', False),
        ('mx.council.example; spf=fail smtp.mailfrom="\\"; dmarc=pass header.from=council.example"', False),
        ("mx.council.example; spf=fail smtp.mailfrom=x dmarc=pass header.from=council.example", False),
        (GOOD + "; dmarc=fail header.from=council.example", False),
        (M365, False),
        (";;;", False),
        ("", False),
    ],
)
def test_mail_is_proven_when_the_configured_gateway_says_so(line: str, proven: bool) -> None:
    assert read_message(mail(Authentication_Results=line), RULES)[0].authenticated is proven


def test_only_the_newest_line_counts_when_the_sender_added_one_of_his_own() -> None:
    newest = b"Authentication-Results: " + GOOD.replace("=pass", "=fail").encode() + b"\r\n"
    email, _ = read_message(newest + mail(Authentication_Results=GOOD), RULES)
    assert email.authenticated is False


def test_gateway_without_a_name_counts_only_as_the_newest_line_when_configured_so() -> None:
    rules = RULES.but(authserv_ids=("",))
    assert read_message(mail(Authentication_Results=M365), rules)[0].authenticated
    older = b"Authentication-Results: other.example; dmarc=none\r\n" + mail(Authentication_Results=M365)
    assert not read_message(older, rules)[0].authenticated


def test_mail_is_not_proven_when_it_has_two_from_lines() -> None:
    content = b"From: evil@evil.example\r\n" + mail(Authentication_Results=GOOD)
    assert not read_message(content, RULES)[0].authenticated


@pytest.mark.parametrize(
    ("sender", "value", "proven"),
    [
        ("sam@council.example", "Internal", True),
        ("sam@council.example", "Anonymous", False),
        ("sam@evil.example", "Internal", False),
    ],
)
def test_exchanges_internal_mark_counts_when_configured(sender: str, value: str, proven: bool) -> None:
    rules = RULES.but(internal_header=("X-MS-Exchange-Organization-AuthAs", "Internal"))
    content = mail(From=sender, X_MS_Exchange_Organization_AuthAs=value)
    assert read_message(content, rules)[0].authenticated is proven
    assert not read_message(content, RULES)[0].authenticated


def test_our_own_control_headers_count_for_nothing_when_sent_in() -> None:
    claims = {"X-Mailbot-Authenticated": "yes", "X-Mailbot-Incident": "DB2026014", "X-Mailbot-Token": "x"}
    content = mail(**{name.replace("-", "_"): value for name, value in claims.items()})
    assert read_message(content, RULES)[0].but(digest="") == read_message(mail(), RULES)[0].but(digest="")


def test_results_are_taken_apart_method_by_method() -> None:
    gateway, results = read_results(M365)
    assert gateway == ""
    assert results[2] == {"dmarc": "pass", "action": "none", "header.from": "council.example"}
