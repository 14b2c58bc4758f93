import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closing.handover import NoteSettled, confirm_note, take_back_note, write_note
from closing.models import HandoverNote
from stores.audit import Origin
from stores.models import AuditEntry
from tests.cast import sign_in
from tests.closing.conftest import DAY, EVENING

pytestmark = pytest.mark.usefixtures("evening")

WRITE = "/handover/write/"
TEXT = "冷蔵ケースの温度が高めです。\n朝に業者へ電話をお願いします。"


def typed(store, **changes):
    return {"uuid": str(uuid.uuid4()), "store": store.pk, "text": TEXT} | changes


@pytest.fixture
def note(shibuya, by):
    return write_note(shibuya, date=DAY, text=TEXT, key=uuid.uuid4(), by=by)


def origin(person):
    return Origin(person, EVENING)


def test_a_clerk_leaves_a_note_for_the_next_shift(client, clerk, day, shibuya):
    response = sign_in(client, clerk).post(WRITE, typed(shibuya), follow=True)

    note = HandoverNote.objects.get()
    assert (note.store, note.date, note.text, note.written_by, note.written_at) == (shibuya, DAY, TEXT, clerk, EVENING)
    assert "朝に業者へ電話をお願いします。" in response.content.decode()


def test_two_presses_leave_one_note(client, clerk, shibuya):
    sign_in(client, clerk)
    form = typed(shibuya)
    pages = [client.post(WRITE, form, follow=True).content.decode() for _ in range(2)]

    assert HandoverNote.objects.count() == 1
    assert "二重には登録していません" in pages[1]


def test_a_note_belongs_to_the_day_that_is_open(client, clerk, day, shibuya, time_machine):
    time_machine.move_to(EVENING.replace(hour=16), tick=False)  # 01:00 of the next day in Japan

    sign_in(client, clerk).post(WRITE, typed(shibuya))

    assert HandoverNote.objects.get().date == DAY


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "メモを入力してください。"), (" \n ", "メモを入力してください。"), ("あ" * 401, "400")]
)
def test_what_is_no_note_comes_back_with_a_sentence(client, clerk, shibuya, text, sentence):
    response = sign_in(client, clerk).post(WRITE, typed(shibuya, text=text))

    assert sentence in " ".join(response.context["form"].errors["text"])
    assert (response.status_code, HandoverNote.objects.count()) == (200, 0)


def test_a_note_is_text_and_never_markup(client, clerk, shibuya):
    sign_in(client, clerk).post(WRITE, typed(shibuya, text="<b>至急</b>"))

    assert "&lt;b&gt;至急&lt;/b&gt;" in client.get("/").content.decode()


def test_the_next_shift_confirms_it_and_it_folds_away(client, manager, note):
    page = sign_in(client, manager).post(f"/handover/{note.pk}/confirm/", follow=True).content.decode()

    note.refresh_from_db()
    assert (note.confirmed_by, note.confirmed_at) == (manager, EVENING)
    assert [words in page for words in ("最近確認したメモ 1件", "渋谷 花子が確認", "未確認の引継メモはありません。")] == [True] * 3


def test_of_two_who_confirm_the_first_is_remembered(note, manager, admin):
    confirm_note(note, by=origin(manager))

    with pytest.raises(NoteSettled):
        confirm_note(note, by=origin(admin))
    assert HandoverNote.objects.get().confirmed_by == manager


def test_its_author_takes_it_back(client, clerk, note):
    page = sign_in(client, clerk).post(f"/handover/{note.pk}/take-back/", follow=True).content.decode()

    assert (TEXT.split("\n")[0] in page, HandoverNote.objects.standing().exists()) == (False, False)


def test_what_is_confirmed_is_not_taken_back(note, manager, clerk):
    confirm_note(note, by=origin(manager))

    with pytest.raises(NoteSettled):
        take_back_note(note, by=origin(clerk))
    assert HandoverNote.objects.standing().exists()


def test_nobody_else_takes_it_back(client, manager, note):
    response = sign_in(client, manager).post(f"/handover/{note.pk}/take-back/")

    assert (response.status_code, HandoverNote.objects.standing().exists()) == (403, True)


@pytest.mark.parametrize("act", ["confirm", "take-back"])
@pytest.mark.parametrize(("name", "status"), [("accountant", 403), ("rival_admin", 404)])
def test_who_does_not_work_there_changes_no_note(client, request, note, act, name, status):
    response = sign_in(client, request.getfixturevalue(name)).post(f"/handover/{note.pk}/{act}/")

    assert (response.status_code, HandoverNote.objects.unconfirmed().count()) == (status, 1)


def test_an_accountant_reads_and_does_not_write(client, accountant, note, shibuya):
    page = sign_in(client, accountant).get("/").content.decode()

    assert ("朝に業者へ電話" in page, WRITE in page) == (True, False)
    assert client.post(WRITE, typed(shibuya)).status_code == 403


@pytest.mark.parametrize("path", ["/", "/handover/"])
def test_notes_of_other_stores_are_not_seen(client, rival_admin, note, path):
    assert "冷蔵ケース" not in sign_in(client, rival_admin).get(path).content.decode()


def test_nobody_writes_to_a_store_of_others(client, rival_admin, shibuya):
    response = sign_in(client, rival_admin).post(WRITE, typed(shibuya))

    assert (list(response.context["form"].errors), HandoverNote.objects.count()) == (["store"], 0)


def test_at_the_till_the_notes_of_its_store_are_shown_and_confirmed(at_till, manager, day, note, kichijoji):
    till = at_till(manager)

    page = till.get(f"/register/{DAY}/").content.decode()
    response = till.post(f"/handover/{note.pk}/confirm/", {"till_day": str(DAY)})

    assert [words in page for words in ("未確認の引継メモが1件あります。", "朝に業者へ電話")] == [True, True]
    assert response.url == f"/register/{DAY}/"
    assert at_till(manager, store=kichijoji).post(f"/handover/{note.pk}/confirm/").status_code == 404


def test_the_life_of_a_note_is_in_the_audit_trail(note, manager):
    confirm_note(note, by=origin(manager))

    written = [(entry.action, entry.actor_id, entry.changes) for entry in AuditEntry.objects.order_by("pk")]
    assert written[-2:] == [
        ("HANDOVER_WRITTEN", note.written_by_id, {"メモ": TEXT}),
        ("HANDOVER_CONFIRMED", manager.pk, {"メモ": TEXT}),
    ]


@pytest.mark.parametrize("path", ["/", "/handover/"])
def test_three_notes_cost_no_more_queries_than_one(client, manager, shibuya, kichijoji, by, note, path):
    sign_in(client, manager)

    def queries():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    for_one = queries()
    for store in (shibuya, kichijoji):
        write_note(store, date=DAY, text=TEXT, key=uuid.uuid4(), by=by)
    assert queries() == for_one
