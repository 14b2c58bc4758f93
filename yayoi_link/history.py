"""What this app writes to 操作履歴. Never the link: host and last four characters stand for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stores import audit


@audit.audited
class LinkAction(models.TextChoices):
    LINK_REGISTERED = "LINK_REGISTERED", _("弥生会計連携の登録")
    LINK_GONE = "LINK_GONE", _("連携の自動停止（接続先リンクの廃止）")
    LINK_NO_CONTENT_SET = "LINK_NO_CONTENT_SET", _("本文のない204の扱いの変更")
    DELIVERY_RELEASED = "DELIVERY_RELEASED", _("送信保留の解除")
    DELIVERY_SENT_NOW = "DELIVERY_SENT_NOW", _("今すぐ送信")
    DELIVERY_RESENT = "DELIVERY_RESENT", _("再連携")
    DELIVERY_RESENT_DOUBLED = "DELIVERY_RESENT_DOUBLED", _("重複を承知で再連携")
    DELIVERY_SETTLED = "DELIVERY_SETTLED", _("弥生で確認した")
    DELIVERY_DECIDED = "DELIVERY_DECIDED", _("再閉局での送り方の判断")
    DELIVERY_WAIVED = "DELIVERY_WAIVED", _("送信不要")
    BULK_STARTED = "BULK_STARTED", _("連携の一括操作")
    BOOKS_EXPORTED = "BOOKS_EXPORTED", _("弥生インポート形式のダウンロード")
    PAPERS_TAKEN = "PAPERS_TAKEN", _("税理士向け月次資料の作成")
    ACCOUNTS_CHANGED = "ACCOUNTS_CHANGED", _("仕訳設定の変更")
    ACCOUNTS_WITHDRAWN = "ACCOUNTS_WITHDRAWN", _("仕訳設定の取消")
    MORNING_CHECKED = "MORNING_CHECKED", _("朝の確認")
    BOOKS_RECONCILED = "BOOKS_RECONCILED", _("照合")


NO_CONTENT_LABEL = _("本文のない204")
NO_CONTENT_MEANS = {False: _("「受け取った」の返事にしない"), True: _("「受け取った」の返事にする")}


def record(action, delivery, *, by, changes=None):
    store = delivery.day.store
    audit.record(
        action,
        actor=by.actor,
        company=store.company,
        store=store,
        subject=delivery.day.date.isoformat(),
        changes=changes,
        address=by.address,
        at=by.at,
    )
