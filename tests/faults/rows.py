"""The table of faults: for each row of the criteria what happens, and the tests that hold it, or why none does.

`tests/house/test_faults.py` checks that every row is named once and that the tests are there; `tests.faults.report` makes the report.
"""

from typing import NamedTuple

ROWS = tuple(f"F{number}" for number in range(1, 25))


class Row(NamedTuple):
    """A fault, and "module::test" below tests/faults for what proves its criterion; `why` when nothing does."""

    id: str
    fault: str
    tests: tuple[str, ...] = ()
    why: str = ""


TABLE = (
    Row("F1", "kill -9 while posting", ("test_kill::test_kill_while_posting",)),
    Row(
        "F2",
        "crash copy of SQLite, immediate shutdown of PostgreSQL, while posting",
        ("test_crash_copy::test_copies_while_posting", "test_database_away::test_killed_for_seconds"),
    ),
    Row("F3", "database killed for 5 s", ("test_database_away::test_killed_for_seconds",)),
    Row(
        "F4",
        "Valkey killed for 10 s",
        ("test_valkey_away::test_killed_for_seconds", "test_bus::test_valkey_dies_and_comes_back"),
    ),
    Row("F5", "slow consumers", ("test_slow::test_who_takes_nothing_is_closed_and_holds_up_nobody",)),
    Row(
        "F6",
        "reconnect storm",
        ("test_reconnect::test_everybody_comes_back", "test_reconnect::test_who_was_away_too_long_is_told_so"),
    ),
    Row("F7", "SIGTERM", ("test_sigterm::test_stopping_in_order", "test_sigterm::test_an_idle_server_stops_at_once")),
    Row(
        "F8",
        "two and twenty decisions on one item",
        (
            "test_storm::test_of_decisions_at_once_one_counts",
            "test_storm::test_of_decisions_in_two_processes_one_counts",
            "test_storm::test_a_decision_on_a_text_that_has_changed_is_none",
        ),
    ),
    Row("F9", "double submit", ("test_twice::test_a_key_used_twice_at_once", "test_twice::test_a_form_sent_twice_at_once")),
    Row("F10", "thread of 100,000 comments", ("test_long_thread::test_a_long_thread_is_no_slower",)),
    Row(
        "F11",
        "comment of a megabyte",
        (
            "test_oversize::test_a_megabyte_that_is_announced_is_refused_before_it_comes",
            "test_oversize::test_a_megabyte_in_pieces_is_not_read_to_its_end",
            "test_soak::test_a_megabyte_costs_next_to_nothing",
            "test_soak::test_hostile_texts_leave_the_loop_free",
        ),
    ),
    Row(
        "F12",
        "a thousand levels",
        ("test_depth::test_many_levels_become_eight", "test_depth::test_a_thousand_signs_are_harmless"),
    ),
    Row("F13", "slowloris", ("test_slow_clients::test_slow_clients_are_closed_and_nobody_waits_for_them",)),
    Row(
        "F14",
        "oversized frames, bombs",
        (
            "test_bombs::test_a_long_frame_closes_the_socket",
            "test_bombs::test_bombs_are_refused_at_once",
            "test_bombs::test_what_is_compressed_is_not_inflated",
        ),
    ),
    Row("F15", "10,000 sockets", ("test_many::test_many_followers",)),
    Row(
        "F16",
        "clock skew",
        ("test_clock::test_two_processes_five_minutes_apart", "test_clock::test_a_step_back_and_months_ahead"),
    ),
    Row("F17", "disk full", ("test_disk::test_a_full_disk", "test_disk::test_a_full_disk_of_logs_is_no_fault")),
    Row("F18", "descriptors used up", ("test_descriptors::test_out_of_descriptors",)),
    Row(
        "F19",
        "right withdrawn",
        (
            "test_storm::test_who_is_suspended_follows_no_longer",
            "test_rights::test_suspended_on_the_command_line",
            "test_rights::test_suspended_in_another_process",
            "test_suspended::test_a_suspended_moderator_loses_the_queue",
            "test_rights::test_no_moderator_any_more",
        ),
    ),
    Row(
        "F20",
        "cache mix-up",
        (
            "test_two_users_cache::test_mixed_fetches_of_one_address",
            "test_two_users_cache::test_the_mark_of_the_public_page_opens_no_personal_one",
            "test_two_users_cache::test_what_one_reader_sends_changes_nothing_for_the_next",
        ),
    ),
    Row("F21", "mail down", ("test_mail::test_the_mail_server_is_down_for_a_while",)),
    Row("F22", "one noisy round table", ("test_noisy::test_one_noisy_space",)),
    Row(
        "F23",
        "kill -9 in a migration, backup while posting",
        (
            "test_migrating::test_killed_on_sqlite",
            "test_migrating::test_killed_on_postgres",
            "test_crash_copy::test_copies_while_posting",
            "test_dump::test_backup_while_posting",
        ),
    ),
    Row("F24", "soak", ("test_soak::test_a_mixed_load",)),
)
