import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from closing.intake import book_slips
from closing.kept_slips import AlreadyDecided, discard_kept, keep, keep_refused
from closing.models import KeptDecision, KeptSlip, Slip
from closing.slip_content import Problem, ProblemCode
from tests.cast import sign_in
from tests.closing.conftest import DAY, book, sale

pytestmark = pytest.mark.usefixtures("evening")


def keep_all(store, *contents, by):
    bookings = book_slips(store, contents, by=by, today=DAY)
    return keep_refused(store, bookings, source=KeptSlip.Source.REGISTER, by=by)


@pytest.fixture
def conflict(day, shibuya, by):
    """A second slip 1, of 2,200 yen."""
    book(shibuya, sale("1"), by=by)
    return keep_all(shibuya, sale("1", 2200), by=by)[0]


@pytest.fixture
def invalid(day, shibuya, by):
    return keep_all(shibuya, sale("9", method="PAYQ"), by=by)[0]


@pytest.fixture
def unreadable(shibuya, by):
    problem = Problem(ProblemCode.NOT_A_DATE, "営業日", "昨日")
    place = {"source": KeptSlip.Source.FILE, "cause": KeptSlip.Cause.INVALID}
    return keep(shibuya, {"伝票番号": "7", "営業日": "昨日"}, problems=[problem], by=by, **place)


def post(client, kept, action, **typed):
    return client.post(f"/slips/kept/{kept.pk}/{action}/", typed, follow=True)


def test_only_what_was_not_booked_is_kept(day, shibuya, by):
    kept = keep_all(shibuya, sale("1"), sale("1", 2200), sale("2", method="PAYQ"), by=by)

    assert [slip.cause for slip in kept] == ["CONFLICT", "INVALID"]


def test_the_same_content_is_kept_once(day, shibuya, by):
    keep_all(shibuya, sale("2", method="PAYQ"), by=by)
    keep_all(shibuya, sale("2", method="PAYQ"), by=by)

    assert KeptSlip.objects.count() == 1


def test_a_conflict_is_booked_under_another_number(client, manager, conflict):
    post(sign_in(client, manager), conflict, "book", business_date="2026-04-01", number="1-2")

    slip = Slip.objects.get(number="1-2")
    assert slip.total == 2200
    assert KeptDecision.objects.values_list("kept", "state", "slip", "by").get() == (conflict.pk, "BOOKED", slip.pk, manager.pk)


def test_a_conflict_is_not_booked_over_the_other_slip(client, manager, conflict):
    response = post(sign_in(client, manager), conflict, "book", business_date="2026-04-01", number="1")

    assert "別の内容で登録されています" in response.content.decode()
    conflict.refresh_from_db()
    assert (conflict.state, Slip.objects.get().total) == ("WAITING", 1100)


def test_a_slip_is_booked_as_it_came_once_its_method_is_there(client, manager, company, invalid):
    company.payment_methods.create(code="PAYQ", name="ペイQ", kind="QR")

    post(sign_in(client, manager), invalid, "book", business_date="2026-04-01", number="9")

    assert Slip.objects.get().number == "9"


def test_a_discarded_slip_stays_readable_with_its_reason(client, manager, conflict):
    post(sign_in(client, manager), conflict, "discard", reason="レジの試し打ち")

    page = client.get(f"/slips/kept/{conflict.pk}/").content.decode()
    assert "レジの試し打ち" in page
    assert "¥2,200" in page


def test_of_two_decisions_the_first_one_counts(client, manager, conflict, by):
    discard_kept(conflict, reason="試し打ち", by=by)

    response = post(sign_in(client, manager), conflict, "book", business_date="2026-04-01", number="1-2")

    assert "先に判断されています" in response.content.decode()
    assert Slip.objects.count() == 1
    with pytest.raises(AlreadyDecided):
        discard_kept(conflict, reason="もう一度", by=by)


def test_a_decision_is_never_changed(conflict, by):
    discard_kept(conflict, reason="試し打ち", by=by)

    with pytest.raises(DatabaseError, match="append-only"):
        KeptDecision.objects.update(reason="ほかの理由")


def test_what_could_not_be_read_is_shown_as_it_came(client, manager, unreadable):
    page = sign_in(client, manager).get(f"/slips/kept/{unreadable.pk}/").content.decode()

    assert "昨日" in page
    assert "日付にしてください" in page
    assert client.post(f"/slips/kept/{unreadable.pk}/book/", {"business_date": "2026-04-01", "number": "7"}).status_code == 404


@pytest.mark.parametrize(("state", "found"), [({}, 1), ({"state": "DISCARDED"}, 1), ({"state": "all"}, 2), ({"state": "BOOKED"}, 0)])
def test_the_list_shows_first_what_waits(client, manager, conflict, invalid, by, state, found):
    discard_kept(conflict, reason="試し打ち", by=by)

    assert len(sign_in(client, manager).get("/slips/kept/", state).context["page"]) == found


def test_the_list_needs_the_same_queries_for_one_and_for_three(client, manager, day, shibuya, by, django_assert_num_queries):
    sign_in(client, manager)
    keep_all(shibuya, sale("1", method="PAYQ"), by=by)
    with CaptureQueriesContext(connection) as one:
        client.get("/slips/kept/")
    keep_all(shibuya, sale("2", method="PAYQ"), sale("3", method="PAYQ"), by=by)

    with django_assert_num_queries(len(one)):
        assert len(client.get("/slips/kept/").context["page"]) == 3


@pytest.mark.parametrize("action", ["book", "discard"])
@pytest.mark.parametrize("name", ["clerk", "accountant"])
def test_only_managers_decide(client, request, name, action, conflict):
    assert post(sign_in(client, request.getfixturevalue(name)), conflict, action, reason="x").status_code == 403
    assert conflict.decisions.count() == 0


def test_what_is_kept_does_not_exist_for_a_rival(client, rival_admin, conflict):
    sign_in(client, rival_admin)

    assert client.get(f"/slips/kept/{conflict.pk}/").status_code == 404
    assert [post(client, conflict, action, reason="x").status_code for action in ("book", "discard")] == [404, 404]
    assert len(client.get("/slips/kept/").context["page"]) == 0
