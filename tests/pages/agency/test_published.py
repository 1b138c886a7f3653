"""What stands beside a recap, as a run hands it on."""

from __future__ import annotations

from pathlib import Path

from zi_eval.pages.agency.published import FailedReport, Published, dump_published, read_published
from zi_eval.period.share import RECAP, dump_share, write_shares


def test_what_a_run_hands_to_the_recap_is_what_it_reads(tmp_path: Path) -> None:
    failures = {"b": FailedReport("sebab", "b.gagal.html"), "c": FailedReport("lain", "")}
    published = Published(frozenset({"a", "d"}), failures, frozenset({"d"}))
    write_shares(tmp_path, {RECAP: dump_share(dump_published(published))})
    assert read_published(str(tmp_path)) == published


def test_a_recap_opened_by_hand_links_nothing(tmp_path: Path) -> None:
    assert read_published() == read_published(str(tmp_path)) == Published()
