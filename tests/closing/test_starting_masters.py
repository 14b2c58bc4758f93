from django.utils import timezone

from closing.models import CashReason, PaymentMethod
from stores.new_company import create_company


def test_a_new_company_can_take_money_and_book_movements_at_once(db):
    administrator, _password = create_company("3000", "あたらしい商店", at=timezone.now())

    methods = PaymentMethod.objects.filter(company=administrator.company).values_list("code", flat=True)
    reasons = CashReason.objects.filter(company=administrator.company)
    assert list(methods) == ["CASH", "CREDIT", "EMONEY", "QR", "VOUCHER", "OWN_VOUCHER"]
    assert {(reason.for_paid_in, reason.for_paid_out) for reason in reasons} == {(True, False), (False, True)}
    assert [reason for reason in reasons if reason.is_sent and not reason.account] == []
