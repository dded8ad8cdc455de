"""The commands one after the other, as an operator meets them, on real servers."""

from pathlib import Path

from tests.e2e_servers.bot import Bot, a_report, acknowledgements
from tests.house import IG_DESK, SAM
from tests.servers.scripted_smtp import ScriptedSmtp


def test_an_operator_gets_from_nothing_to_an_answered_report_with_the_commands_alone(
    bot: Bot, smtp: ScriptedSmtp, tmp_path: Path
) -> None:
    bot.folder = tmp_path / "fresh"
    bot.command("init", str(bot.folder), folder=tmp_path)
    assert "revision" in bot.command("migrate")
    assert [one["text"] for one in bot.json("check") if not one["ok"]] == []
    assert [one["problem"] for one in bot.json("poll")] == ["", "", ""]

    bot.deliver(a_report(1))
    assert sum(one["taken_in"] for one in bot.json("poll")) == 1
    before = list(smtp.accepted)
    assert before == []
    done = bot.json("tick")
    assert done["sent"] == len(smtp.accepted) > 0
    assert len(acknowledgements(smtp.accepted)) == 1

    (listed,) = bot.json("list")
    shown = bot.json("show", listed["reference"])
    assert shown["incident"]["reference"] == listed["reference"]
    assert shown["history"]
    assert "facts" not in shown["incident"]
    assert SAM in str(bot.json("outbox"))
    assert "Duties" in bot.command("show", listed["reference"])

    told = len(smtp.accepted_for(IG_DESK))
    bot.command("digest")
    assert len(smtp.accepted_for(IG_DESK)) > told
