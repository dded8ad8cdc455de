"""The council exports its directory each night: the bot takes the new one into use, or keeps the old one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.jobs.health import beat
from tests.house import SAM, House, make_house, report


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    """A bot with a configuration of its own."""
    house = make_house(tmp_path)
    yield house
    house.app.close()


def test_a_changed_directory_is_in_use_after_the_next_beat(own_house: House, tmp_path: Path) -> None:
    staff = tmp_path / "config" / "staff.csv"
    staff.write_text(staff.read_text().replace("North,jo.fenn@", "North,mina.clough@"))

    beat(own_house.app)
    own_house.deliver(report("A letter went astray."))
    own_house.poll()

    assert own_house.incident().line_manager == "mina.clough@council.example"


def test_the_directory_of_before_stays_in_use_when_the_new_one_cannot_be_read(
    own_house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "config" / "staff.csv").write_text("nonsense\n")

    beat(own_house.app)
    own_house.deliver(report("A letter went astray."))
    own_house.round()

    assert "the one of before stays" in caplog.text
    assert own_house.incident().line_manager == "jo.fenn@council.example"
    assert own_house.templates_to(SAM) == ["acknowledgement"]
