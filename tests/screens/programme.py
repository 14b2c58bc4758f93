"""Who plays what, and when: first without anybody's change, then what changes the demo, at last without the worker."""

from tests.screens.scenes import closing_a_day, failures, holidays, long_work, mistakes, second_thoughts, signing_in

WITHOUT_SIGN_IN = (mistakes.refused_sign_in, mistakes.errors_alone)
BY_THE_WAY = {
    "admin": (mistakes.open_menus, mistakes.asked_before, mistakes.empty_forms, mistakes.nothing_found, mistakes.nothing_in_audit),
    "manager": (mistakes.open_menus, mistakes.nothing_found, mistakes.help_without_answer),
    "clerk": (mistakes.errors_in_place,),
    "till": (closing_a_day.count_with_mistakes,),
}
AFTERWARDS = (
    (
        "0001",
        (
            signing_in.new_person,
            long_work.resend_nothing,
            long_work.take_in_masters,
            holidays.close_for_the_day,
            closing_a_day.third_register,
        ),
    ),
    ("0103", (holidays.top_on_holiday,)),
    ("0101", (second_thoughts.look_in_yayoi, second_thoughts.black_slip, long_work.upload_slips, long_work.resend_many)),
    (
        "0001",
        (
            long_work.make_papers,
            long_work.write_long_period,
            long_work.reconcile_large_file,
            long_work.move_many_slips,
            long_work.be_told_of_the_end,
            long_work.list_of_jobs,
        ),
    ),
    ("0101", (second_thoughts.close_again,)),
    ("0101", (second_thoughts.after_closing_again,)),
    ("0102", (closing_a_day.close_the_day,)),
    ("0102", (closing_a_day.top_after_closing,)),
    ("0901", (signing_in.second_factor,)),
    ("0001", (signing_in.first_sign_in,)),
)
WITHOUT_WORKER = (
    ("0102", (failures.failed_at_close,)),
    ("0001", (failures.no_content, failures.error_screens, failures.without_worker)),
)
