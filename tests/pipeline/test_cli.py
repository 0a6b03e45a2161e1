"""Every command is explained, on the command line and in the documents."""

import re

import pytest
from click.testing import CliRunner

from pipeline.cli import main


def walk(group, before=""):
    """Every command by its whole name; a group stands for the commands below it."""
    for name, command in group.commands.items():
        whole = f"{before} {name}".strip()
        yield from walk(command, whole) if hasattr(command, "commands") else [(whole, command)]


FOUND = dict(walk(main))
COMMANDS = sorted(FOUND)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does_and_names_its_settings_file(name):
    """With --help, which works in every folder."""
    answer = CliRunner().invoke(main, [*name.split(), "--help"])

    assert 0 == answer.exit_code, answer.output
    assert FOUND[name].help
    assert "--config" in answer.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_explained(name):
    """An option without words is a riddle."""
    options = [param for param in FOUND[name].params if param.param_type_name == "option"]

    assert [] == [option.name for option in options if not option.help]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_stands_in_the_readme_or_the_documents(name, root):
    """Nobody finds what is written nowhere."""
    files = [root / "README.md", *(root / "docs").glob("*.md")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)

    assert re.search(rf"bantin {name}\b", text)
