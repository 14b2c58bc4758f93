"""What this app writes to 操作履歴."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stores import audit


@audit.audited
class DayAction(models.TextChoices):
    DAY_OPENED = "DAY_OPENED", _("開局")
    FLOAT_CHANGED = "FLOAT_CHANGED", _("釣銭準備金の変更")
    MOVEMENT_RECORDED = "MOVEMENT_RECORDED", _("入出金")
    MOVEMENT_CANCELLED = "MOVEMENT_CANCELLED", _("入出金の取消")
    MOVEMENT_CORRECTED = "MOVEMENT_CORRECTED", _("入出金の訂正")
    SLIPS_LOADED = "SLIPS_LOADED", _("伝票の取込")
    SLIP_UPLOAD_STARTED = "SLIP_UPLOAD_STARTED", _("伝票CSVの取込の開始")
    SLIP_ENTERED = "SLIP_ENTERED", _("伝票の入力")
    SLIP_TAKEN_BACK = "SLIP_TAKEN_BACK", _("支払取消（赤伝票）")
    SLIP_CORRECTED = "SLIP_CORRECTED", _("訂正（黒伝票）")
    EXCESS_ACCEPTED = "EXCESS_ACCEPTED", _("取消の超過の確認")
    OPENING_CANCELLED = "OPENING_CANCELLED", _("開局取消")
    CASH_EXCHANGED = "CASH_EXCHANGED", _("両替")
    DIFFERENCE_EXPLAINED = "DIFFERENCE_EXPLAINED", _("過不足の原因判明")
    DIFFERENCE_SEEN = "DIFFERENCE_SEEN", _("現金差異の確認")
    INTERIM_COUNTED = "INTERIM_COUNTED", _("中締め")
    HOLIDAYS_CHANGED = "HOLIDAYS_CHANGED", _("休業日の変更")
    REGISTER_COUNTED = "REGISTER_COUNTED", _("レジ精算")
    REGISTERS_UNUSED = "REGISTERS_UNUSED", _("本日未使用")
    REGISTERS_RECOUNTED = "REGISTERS_RECOUNTED", _("レジ精算のやり直し")
    SLIPS_MOVED = "SLIPS_MOVED", _("営業日の付け替え")
    MONTH_LOCKED = "MONTH_LOCKED", _("月次締め")
    MONTH_UNLOCKED = "MONTH_UNLOCKED", _("月次締めの解除")
    ROUNDING_CHOSEN = "ROUNDING_CHOSEN", _("消費税の端数処理の変更")
    DAY_CLOSED_PROVISIONALLY = "DAY_CLOSED_PROVISIONALLY", _("仮閉局")
    KEPT_SLIP_BOOKED = "KEPT_SLIP_BOOKED", _("保留の伝票の登録")
    KEPT_SLIP_DISCARDED = "KEPT_SLIP_DISCARDED", _("保留の伝票を登録しない")
    DAY_CLOSED = "DAY_CLOSED", _("閉局")
    DAY_CLOSED_AGAIN = "DAY_CLOSED_AGAIN", _("再閉局")
    HANDOVER_WRITTEN = "HANDOVER_WRITTEN", _("引継メモ")
    HANDOVER_CONFIRMED = "HANDOVER_CONFIRMED", _("引継メモの確認")
    HANDOVER_TAKEN_BACK = "HANDOVER_TAKEN_BACK", _("引継メモの取消")


audit.AMOUNTS.update(
    {"金額", "売上", "現金差異", "実際のレジ内現金", "想定レジ金額", DayAction.FLOAT_CHANGED, DayAction.DIFFERENCE_EXPLAINED}
)


def record(action, day, *, by, changes=None):
    audit.record(
        action,
        actor=by.actor,
        company=day.store.company,
        store=day.store,
        subject=day.date.isoformat(),
        changes=changes,
        address=by.address,
        at=by.at,
    )
