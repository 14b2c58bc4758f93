"""Lines of slip files, as tests write them."""

HEADER = "伝票番号,種別,営業日,日時,POS番号,担当者コード,元伝票,理由,10%対象額,10%消費税,お預り,お釣り,支払:CASH,支払:VISA"
CASH_SALE = "000001,売上,2026-04-01,2026-04-01 12:00,1,0102,,,1100,100,2000,900,1100,"
CARD_SALE = "000002,売上,2026-03-31,2026-03-31 12:01,1,0102,,,2200,200,,,,2200"
REFUND = "000003,赤,2026-04-01,2026-04-01 12:05,1,0102,0001-1-20260331-000002,返品,-2200,-200,,,,-2200"


def slip_file(*lines, header=HEADER, encoding="utf-8-sig"):
    return "\r\n".join([header, *lines, ""]).encode(encoding)


def sales(count, *, day="2026-04-01", first=1):
    return [f"{number:06},売上,{day},{day} 12:00,1,0102,,,1100,100,1100,,1100," for number in range(first, first + count)]
