"""Numbers typed at the terminal that nobody means: refused with the limit named, as usage or in words, never a trace."""

from pathlib import Path

import pytest

from ozon_desktop.cli import main

LONG = "9" * 5_000


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        (["connect", "--client-id", LONG], "9223372036854775807"),
        (["connect", "--client-id", "9223372036854775808"], "9223372036854775807"),
        (["connect", "--client-id", "²"], "целое число"),
        (["settings", "fetch", "--older-than", "3651"], "3650"),
        (["mapping", "suggest", "--limit", "1001"], "1000"),
        (["mapping", "suggest", "--accept", "nan"], "от 0 до 1"),
        (["mapping", "suggest", "--accept", "1e500"], "от 0 до 1"),
        (["sandbox", "--port", "65536"], "65535"),
        (["sandbox", "--port", "-1"], "65535"),
        (["sandbox", "--latency", LONG], "3600000"),
        (["sandbox", "--scale", "1001"], "1000"),
        (["sandbox", "--moderation", "999999999999d"], "3650d"),
        (["sandbox", "--moderation", LONG], "3650d"),
        (["sandbox", "--assemble", "999999d"], "3650d"),
    ],
)
def test_options_name_their_limit(words: list[str], limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert limit in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        (["sync", "rules", "set", "old_markup=nan"], "10000000"),
        (["sync", "rules", "set", "old_markup=1e500"], "10000000"),
        (["sync", "rules", "set", "old_markup=1001"], "1000 %"),
        (["sync", "rules", "set", "min_step=1000001"], "1 000 000"),
        (["sync", "rules", "set", "guard_share=inf"], "10000000"),
        (["sync", "rules", "set", "guard_change=1001"], "1000 %"),
        (["sync", "rules", "set", f"reserve={LONG}"], "10000000"),
        (["sync", "rules", "set", "limit=1000000"], "999 999"),
        (["integration", "set", f"client_id={LONG}"], ""),
        (["integration", "set", "client_id=²"], ""),
        (["notifications", "set", f"port={LONG}"], ""),
        (["notifications", "set", "port=²"], ""),
    ],
)
def test_rules_and_settings_are_refused_in_words(words: list[str], limit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data-dir", str(tmp_path), *words]) == 3
    said = capsys.readouterr().err
    assert limit in said
    assert "Внутренняя ошибка" not in said
