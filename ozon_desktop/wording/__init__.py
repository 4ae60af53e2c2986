"""Every Russian text of the program that depends on data, as tables: shared by the window and the command line, free of Qt."""

from ozon_desktop.wording.answers_report import answers_report_text, difference_texts, method_report_text
from ozon_desktop.wording.card_steps import step_taken_text
from ozon_desktop.wording.cards import (
    item_error_text,
    load_fault_text,
    origin_text,
    ozon_problem_text,
    package_doubt_text,
    picture_problem_text,
    picture_problems_text,
    problem_code_text,
    problem_text,
    rule_kind_text,
    rule_text,
    values_found_text,
)
from ozon_desktop.wording.connection import key_expiry_text, limit_left_text, missing_function_text, missing_function_words
from ozon_desktop.wording.errors import ErrorText, error_text, has_own_text
from ozon_desktop.wording.formats import (
    NBSP,
    capital,
    clock_time,
    day,
    duration,
    exact,
    join_words,
    money,
    number,
    plural,
    plural_form,
    when,
)
from ozon_desktop.wording.holds import (
    READ_ONLY,
    WAITS_FOR_REVIEW,
    change_size_text,
    held_items_text,
    held_line,
    hold_text,
    lacks_text,
    lasting_text,
    vanished_text,
    verdict_text,
)
from ozon_desktop.wording.letters import NOT_SENT, letter_of_run, mail_problem_text, mail_security_text, notice_letter, trial_letter
from ozon_desktop.wording.mapping import carry_over_text, mapping_part_text, suggestion_group_text, suggestion_reason_text
from ozon_desktop.wording.methods import method_text
from ozon_desktop.wording.quotas import turn_text
from ozon_desktop.wording.restoring import RESTORE_BUTTON, restored_text
from ozon_desktop.wording.setup import (
    change_kind_text,
    field_label,
    field_problem_text,
    function_text,
    gate_text,
    mapping_state_text,
    missing_text,
    running_text,
    scheme_text,
    step_text,
    tree_change_text,
    tree_changes_line,
    trigger_text,
    vat_text,
)
from ozon_desktop.wording.sync import (
    action_text,
    change_label,
    change_value_text,
    changes_text,
    counts_text,
    limit_text,
    newly_required_text,
    not_read_again_text,
    part_text,
    posting_status_text,
    progress_text,
    reason_text,
    run_cause_text,
    run_kind_text,
    run_problem_text,
    run_result_text,
    stage_text,
    who_text,
)
from ozon_desktop.wording.sync_rules import (
    GUARD_ACTION,
    exception_text,
    guard_limits_text,
    guard_text,
    limit_use_text,
    lowest_price_text,
    price_example_text,
    price_problem_text,
    price_rule_text,
    protection_text,
    stock_outcome_text,
    stock_seen_text,
    warehouse_rule_text,
)
from ozon_desktop.wording.unexpected import UNEXPECTED_TITLE, unexpected_action, unexpected_text
from ozon_desktop.wording.watching import WATCHED_HINT, file_troubles_text, folder_fault_text
