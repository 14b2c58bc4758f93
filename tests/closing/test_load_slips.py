import io

import pytest
from django.core.management import CommandError, call_command

from closing.models import BusinessDay, Slip
from closing.trading_day import RegisterCount, close_day
from stores.models import AuditEntry

pytestmark = pytest.mark.usefixtures("evening")

HEADER = "伝票番号,種別,営業日,日時,POS番号,担当者コード,元伝票,理由,10%対象額,10%消費税,お預り,お釣り,支払:CASH,支払:VISA"
CASH_SALE = "000001,売上,2026-04-01,2026-04-01 12:00,1,0102,,,1100,100,2000,900,1100,"
CARD_SALE = "000002,売上,2026-03-31,2026-03-31 12:01,1,0102,,,2200,200,,,,2200"
REFUND = "000003,赤,2026-04-01,2026-04-01 12:05,1,0102,0001-1-20260331-000002,返品,-2200,-200,,,,-2200"
REFUSED = "1件も取り込んでいません。直してからもう一度実行してください。"


@pytest.fixture
def load(shibuya, register, methods, tmp_path):
    """Return a function that loads lines into 渋谷店, and returns what was said, a refusal last."""

    def load_lines(*lines, header=HEADER, company="1000", store="0001", encoding="utf-8"):
        file, said = tmp_path / "slips.csv", io.StringIO()
        file.write_bytes("\r\n".join([header, *lines]).encode(encoding))
        try:
            call_command("load_slips", str(file), company=company, store=store, stdout=said, stderr=said)
        except CommandError as refusal:
            said.write(str(refusal))
        return said.getvalue().splitlines()

    return load_lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_is_loaded_and_told_day_by_day(load, encoding):
    assert load(CASH_SALE, CARD_SALE, encoding=encoding) == [
        "2026-03-31: 登録 1件、登録済み 0件",
        "2026-04-01: 登録 1件、登録済み 0件",
        "合計: 登録 2件、登録済み 0件",
    ]


def test_the_same_file_again_changes_nothing(load):
    load(CASH_SALE)

    assert load(CASH_SALE) == ["2026-04-01: 登録 0件、登録済み 1件", "合計: 登録 0件、登録済み 1件"]
    assert AuditEntry.objects.filter(action="SLIPS_LOADED").count() == 1


def test_a_red_slip_finds_the_sale_that_it_takes_back(load):
    load(CARD_SALE, REFUND)

    assert Slip.objects.get(number="000003").original.number == "000002"


def test_one_bad_row_keeps_the_whole_file_out(load):
    assert load(CASH_SALE, CARD_SALE.replace("2200", "x", 1)) == [
        "3行目 [10%対象額] 「10%対象額」は整数で入力してください: x",
        f"1行に誤りがあるため、{REFUSED}",
    ]
    assert (Slip.objects.count(), BusinessDay.objects.count()) == (0, 0)


def test_every_bad_row_is_named_with_line_column_and_reason(load):
    load(CASH_SALE, CARD_SALE)

    assert load(
        CASH_SALE.replace(",1,0102", ",9,0102").replace("000001", "000004"),
        CARD_SALE.replace("000002", "000005").replace("2026-03-31,", "2026-04-02,"),
        REFUND.replace("2200", "2310").replace("-200", "-210"),
        "000006,黒,2026-04-01,2026-04-01 12:05,1,0102,0001-1-20260331-000002,,2200,200,,,,2200",
        CASH_SALE.replace("1100", "1200").replace("900", "800"),
    ) == [
        "2行目 [POS番号] POS番号「9」のレジはこの店舗にありません。マスタのレジを確かめてください。",
        "3行目 [営業日] 「営業日」が未来の日付です: 2026-04-02",
        "4行目 [元伝票] 赤伝票の合計が「元伝票」の金額を超えます: 0001-1-20260331-000002",
        "5行目 [元伝票] 黒伝票の「元伝票」は赤伝票でなければなりません: 0001-1-20260331-000002",
        "6行目 [伝票番号] 「伝票番号」000001 は、別の内容で登録されています。",
        f"5行に誤りがあるため、{REFUSED}",
    ]


def test_a_number_that_stands_twice_in_the_file_is_named_with_the_first_line(load):
    assert load(CASH_SALE, CARD_SALE, CASH_SALE.replace("1100,100", "1100,99")) == [
        "4行目 [伝票番号] 2行目と「伝票番号」が同じですが、内容が違います。どちらが正しいか確かめてください。",
        f"1行に誤りがあるため、{REFUSED}",
    ]


def test_a_file_with_another_header_is_refused_as_a_whole(load):
    assert load(CASH_SALE, header=HEADER.replace("種別", "kind")) == [
        "1行目 [種別] 見出しに「種別」の列がありません。",
        "1行目 [kind] 見出し「kind」は使えません。列名を確かめるか、列を削除してください。",
        f"1行に誤りがあるため、{REFUSED}",
    ]


def test_a_closed_day_that_changes_is_told(load, clerk, by):
    load(CASH_SALE)
    close_day(BusinessDay.objects.get(), counts=[RegisterCount(1, 1100, 0)], by=by)

    said = load(CASH_SALE.replace("000001", "000004"))

    assert said[0] == "2026-04-01: 登録 1件、登録済み 0件（閉局後に変更あり。もう一度閉局すると日計に入ります）"


def test_an_unknown_company_or_store_is_said_in_a_sentence(load):
    assert load(CASH_SALE, company="9") == ["企業コード「9」の企業がないか、店舗がまだありません。"]
    assert load(CASH_SALE, store="9") == ["店舗コード「9」の店舗がありません。この企業の店舗: 0001 渋谷店"]


def test_another_companys_slips_stay_out_of_a_store_with_the_same_code(load, rival_store):
    load(CASH_SALE)

    assert not Slip.objects.filter(register__store=rival_store).exists()
    assert load(CASH_SALE, company="2000")[-1] == f"1行に誤りがあるため、{REFUSED}"


def test_a_file_that_is_not_there_is_said_in_a_sentence(shibuya, tmp_path):
    with pytest.raises(CommandError, match=r"none\.csv」を読めません"):
        call_command("load_slips", str(tmp_path / "none.csv"), company="1000", store="0001")
