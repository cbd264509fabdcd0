"""Help and option errors in the language of the command, with no English words in Swedish."""

import argparse
import re

import pytest

from api.cli import main
from api.cli.parser_language import requested_language, translate_argparse
from api.i18n import Wording

COMMANDS = ["propose", "explain", "read", "demo", "serve"]
ENGLISH_WORDS = re.compile(
    r"\b(usage|positional|options?|arguments?:|show|this|help message|exit|error|invalid|choices?|choose|from|expected|"
    r"required|following|are|unrecognized|ambiguous|ignored|explicit|could|match|default|the|of|and|or|to|with|what|"
    r"write|print|folder|date|seconds|number|share|parties|problem|command|file|link|address|zone)\b",
    re.IGNORECASE,
)
# The names of options, files and values are the same in both languages.
OPTIONS_AND_NAMES = re.compile(r"--[a-z-]+|\b[\w-]+\.json\b|PLAN\.JSON|\{[a-z,\n ]+\}|date;start;end|tretton \w+")


def exit_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit_info:
        main(arguments)
    assert isinstance(exit_info.value.code, int)
    return exit_info.value.code


def english_words(text: str) -> list[str]:
    return ENGLISH_WORDS.findall(OPTIONS_AND_NAMES.sub("", text))


@pytest.mark.parametrize("command", [[], *([command] for command in COMMANDS)])
def test_the_swedish_help_has_no_english_words(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_of(*command, "--help") == 0
    printed = capsys.readouterr().out
    assert printed.startswith("användning: tretton")
    assert "visa den här hjälpen och avsluta" in printed
    assert english_words(printed) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "tretton: fel: det här måste anges: KOMMANDO"),
        (["plan"], "tretton: fel: KOMMANDO: 'plan' går inte att välja; välj bland "),
        (["propose"], "tretton propose: fel: det här måste anges: UNDERLAG"),
        (["explain", "p.json"], "tretton explain: fel: det här måste anges: --what"),
        (["explain", "p.json", "--what", "luck"], "--what: 'luck' går inte att välja; välj bland 'heatmap'"),
        (["propose", "p.json", "--objective", "luck"], "--objective: 'luck' går inte att välja"),
        (["propose", "p.json", "--lang", "de"], "--lang: 'de' går inte att välja; välj bland 'sv', 'en'"),
        (["propose", "p.json", "--out"], "--out: ett värde saknas"),
        (["propose", "p.json", "--json=3"], "--json: valet tar inget värde; ta bort '3'"),
        (["propose", "p.json", "--min", "3"], "--min kan betyda flera val: --min-days, --min-moved"),
        (["propose", "p.json", "--colour", "blue"], "tretton: fel: okända argument: --colour blue"),
        (["propose", "p.json", "q.json"], "tretton: fel: okända argument: q.json"),
        (["propose", "p.json", "--seed", "x"], "--seed: skriv ett heltal från 0 till 2147483647, inte ”x”"),
        (["propose", "p.json", "--alternatives", "11"], "--alternatives: skriv ett heltal från 1 till 10, inte ”11”"),
        (["propose", "p.json", "--give-up", "2"], "--give-up: skriv en andel från 0 till 1, till exempel 0.001"),
        (["propose", "p.json", "--move-cost", "x"], "--move-cost: skriv ett antal parter från 0 till 1000000"),
        (["explain", "p.json", "--time-limit", "0"], "--time-limit: skriv ett tal större än 0, till exempel 60"),
        (["read"], "tretton read: fel: det här måste anges: FIL|LÄNK"),
        (["demo", "--port", "x"], "--port: skriv ett heltal från 0 till 65535, inte ”x”"),
        (["serve", "--port", "70000"], "--port: skriv ett heltal från 0 till 65535, inte ”70000”"),
    ],
)
def test_a_wrong_option_gives_a_swedish_message(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_of(*arguments) == 2
    printed = capsys.readouterr().err
    assert message in printed
    values = ["'plan'", "'luck'", "q.json", "--colour blue"]
    for value in [*values, *(f"'{command}'" for command in COMMANDS)]:
        printed = printed.replace(value, "")
    assert english_words(printed.replace("'asking', 'conflicts', 'habit'", "")) == []


@pytest.mark.parametrize("arguments", [["--lang", "en", "read", "--help"], ["read", "--lang=en", "--help"]])
def test_english_is_chosen_before_or_after_the_command(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_of(*arguments) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("usage: tretton read")
    assert "show this help message and exit" in printed


def test_the_language_before_the_command_holds_for_its_messages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "read", "missing.ics"]) == 2
    assert capsys.readouterr().err == "There is no file missing.ics; check its name.\n"


@pytest.mark.parametrize(
    ("command_line", "language"),
    [
        ([], "sv"),
        (["read", "a.ics"], "sv"),
        (["read", "a.ics", "--lang", "en"], "en"),
        (["read", "a.ics", "--lang=en"], "en"),
        (["read", "a.ics", "--la", "en"], "en"),
        (["read", "a.ics", "--lang", "en", "--lang", "sv"], "sv"),
        (["read", "a.ics", "--lang", "de"], "sv"),
        (["read", "a.ics", "--lang"], "sv"),
        (["read", "--", "--lang", "en"], "sv"),
        (["read", "en"], "sv"),
    ],
)
def test_the_language_is_known_before_the_options_are_parsed(command_line: list[str], language: str) -> None:
    assert requested_language(command_line) == language


def test_argparse_is_restored_after_parsing() -> None:
    gettext = vars(argparse)["_"]
    with translate_argparse(Wording("sv")):
        assert vars(argparse)["_"]("usage: ") == "användning: "
        assert vars(argparse)["_"]("a text that is not listed") == "a text that is not listed"
    assert vars(argparse)["_"] is gettext
