"""Sentences in the reader's language: none escapes, every placeholder survives, and Slack takes them all."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from string import Formatter

import pytest
from babel.messages.catalog import Catalog

from bot.language import ENGLISH, NAMES, UNFINISHED, _, day_text, language_of, ngettext, offered, reading_in
from bot.views.help import all_commands
from bot.views.words import named, plain_when
from docs.catalogues import missing, path_of, read, template, updated
from docs.reference import PAGES
from tests.unit.factories import ALICE, BOB
from tests.unit.sentences import NOT_READ, OTHERS, READ, ROOT, python_files, unmarked
from tests.unit.slack_limits import within_limits
from tests.unit.views_gallery import messages, modals

LANGUAGES = sorted(NAMES.keys() - {ENGLISH})


def entries(catalogue: Catalog) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Each sentence with its translations: one each, or the forms of singular and plural."""
    for message in catalogue:
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            yield ids, message.string if isinstance(message.string, tuple) else (message.string,)


def places(sentence: str) -> set[str]:
    """The names of the places in a sentence, with their format; `by.have` is a form of `by`."""
    return {
        f"{(name or '').partition('.')[0]}:{spec}" for _text, name, spec, _how in Formatter().parse(sentence) if name
    }


def test_no_sentence_escapes() -> None:
    found = {
        f"{name}:{line}": text
        for path in python_files()
        for name in [path.relative_to(ROOT).as_posix()]
        for line, text in unmarked(path.read_text(encoding="utf-8"), NOT_READ.get(name, "").split())
    }
    assert found == {}, "wrap it in _( ), or N_( ) in a table"


@pytest.mark.parametrize("source", ["say({})", "NAME = {}", "TABLE = {{1: {}}}", "def f() -> str:\n    return {}"])
@pytest.mark.parametrize("sentence", ['"Nothing is due."', 'f"{count} things are late"', '"Not now"'])
def test_a_sentence_that_is_not_marked_is_found(source: str, sentence: str) -> None:
    assert list(unmarked(source.format(sentence)))
    assert not list(unmarked(source.format(f"_({sentence})")))


def test_what_is_not_searched_is_there() -> None:
    assert [name for name in (*OTHERS, *NOT_READ, *READ) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_the_sentences_of_the_code_and_no_others(language: str) -> None:
    assert path_of(language).read_bytes() == updated(language, template()), "run `make catalogues`"
    assert language in UNFINISHED or list(missing(language)) == [], "write these in its kept.po"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_placeholder_survives(language: str) -> None:
    for ids, translations in entries(read(language)):
        for form, translation in zip(ids if len(ids) > 1 else ids * len(translations), translations, strict=True):
            unsaid = places(form) - places(translation)
            assert places(translation) <= places(ids[-1]), translation
            assert not unsaid or unsaid == {"count:"} or not translation, translation


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_and_edges_survive(language: str) -> None:
    for ids, translations in entries(read(language)):
        for translation in filter(None, translations):
            assert ids[-1][:1].isspace() == translation[:1].isspace() or translation[:1] == ",", translation
            assert ids[-1][-1:].isspace() == translation[-1:].isspace(), translation
            assert re.findall(r"[*`]", ids[-1]) == re.findall(r"[*`]", translation), translation


@pytest.mark.parametrize("language", sorted(offered().keys() - {ENGLISH}))
def test_slack_takes_every_message_and_view_in_it(language: str) -> None:
    with reading_in(language):
        for name, message in messages("&" * 5000):
            assert within_limits(message.blocks) == [], name
        for name, view in [*modals("&" * 5000), ("help", all_commands())]:
            assert within_limits(view) == [], name


def test_no_english_is_left_in_the_german_gallery() -> None:
    page = PAGES["messages.de.md"]()
    alike = {"Workspace", "Webhooks", "Tokens", "Normal", "Test"}
    for ids, translations in entries(read("de")):
        for english in ids:
            pieces = [piece.strip() for piece, *_rest in Formatter().parse(english) if len(piece.strip()) > 12]
            for piece in pieces:
                is_same = any(piece in translation for translation in translations) or piece in alike
                assert is_same or not re.search(rf"(?<![\w`]){re.escape(piece)}(?![\w`])", page), piece


def test_a_reader_reads_their_language_and_the_next_one_theirs() -> None:
    assert _("Accept") == "Accept"
    with reading_in("de"):
        assert (_("Accept"), ngettext("{count} day", "{count} days", 2)) == ("Annehmen", "2 Tage")
        assert (str(named(ALICE, ALICE)), named(ALICE, ALICE).dative, named(BOB, ALICE).dative) == (
            "du",
            "dir",
            "<@UBOB>",
        )
        assert day_text(date(2026, 3, 6), year=True) == "Fr 6. Mär 2026"
        assert plain_when(datetime(2026, 10, 2, 7, tzinfo=UTC), "Europe/Berlin") == "Fr 2. Okt, 09:00 CEST"
        with reading_in(ENGLISH):
            assert _("Accept") == "Accept"
    assert _("Accept") == "Accept"


@pytest.mark.parametrize(
    ("locale", "chosen", "language"),
    [
        ("de-DE", "", "de"),
        ("de-AT", "en", "en"),
        ("en-US", "de", "de"),
        ("fr-FR", "", "en"),
        ("", "", "en"),
        ("de", "xx", "en"),
    ],
)
def test_the_setting_goes_over_slacks_locale(locale: str, chosen: str, language: str) -> None:
    assert language_of(locale, chosen) == language
