"""操作履歴: one function writes it, and every app brings the words for what it records."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from stores.client_address import client_address
from stores.models import AuditEntry, Company, Staff, Store

ACTION_LABELS: dict[str, Any] = {}
# Labels of changes, and actions, whose whole numbers are yen. Every app adds its own.
AMOUNTS: set[str] = set()


def audited(actions: type[models.TextChoices]) -> type[models.TextChoices]:
    """Decorate an app's list of actions, so that 操作履歴 knows how to call them on screen."""
    ACTION_LABELS.update(actions.choices)
    return actions


@audited
class AuditAction(models.TextChoices):
    SIGNED_IN = "SIGNED_IN", _("ログイン")
    SIGNED_IN_AT_TILL = "SIGNED_IN_AT_TILL", _("レジ業務にログイン")
    SIGN_IN_FAILED = "SIGN_IN_FAILED", _("ログイン失敗")
    SIGN_IN_LOCKED = "SIGN_IN_LOCKED", _("ログインの一時停止")
    SIGN_IN_UNLOCKED = "SIGN_IN_UNLOCKED", _("ログインの一時停止を解除")
    SIGNED_OUT = "SIGNED_OUT", _("ログアウト")
    PASSWORD_CHANGED = "PASSWORD_CHANGED", _("パスワード変更")
    PASSWORD_RESET = "PASSWORD_RESET", _("パスワード再発行")
    SESSIONS_ENDED = "SESSIONS_ENDED", _("ほかの画面のログインを終了")
    SECOND_STEP_FAILED = "SECOND_STEP_FAILED", _("確認コードの誤り")
    SECOND_FACTOR_ENROLLED = "SECOND_FACTOR_ENROLLED", _("二段階認証の設定")
    SECOND_FACTOR_REMOVED = "SECOND_FACTOR_REMOVED", _("二段階認証の解除")
    SECOND_FACTOR_RULE_CHANGED = "SECOND_FACTOR_RULE_CHANGED", _("二段階認証の必須設定の変更")
    RECOVERY_CODES_RENEWED = "RECOVERY_CODES_RENEWED", _("リカバリーコードの再発行")
    RECOVERY_CODE_USED = "RECOVERY_CODE_USED", _("リカバリーコードでログイン")
    COMPANY_CREATED = "COMPANY_CREATED", _("企業の登録")
    COMPANY_CHANGED = "COMPANY_CHANGED", _("企業の変更")
    STORE_CREATED = "STORE_CREATED", _("店舗の登録")
    STORE_CHANGED = "STORE_CHANGED", _("店舗の変更")
    STORE_RETIRED = "STORE_RETIRED", _("店舗の利用終了")
    STORE_RESTORED = "STORE_RESTORED", _("店舗の利用再開")
    REGISTER_CREATED = "REGISTER_CREATED", _("レジの登録")
    REGISTER_CHANGED = "REGISTER_CHANGED", _("レジの変更")
    REGISTER_RETIRED = "REGISTER_RETIRED", _("レジの利用終了")
    REGISTER_RESTORED = "REGISTER_RESTORED", _("レジの利用再開")
    TOKEN_ISSUED = "TOKEN_ISSUED", _("接続トークンの発行")
    TOKEN_REVOKED = "TOKEN_REVOKED", _("接続トークンの無効化")
    STAFF_CREATED = "STAFF_CREATED", _("担当者の登録")
    STAFF_CHANGED = "STAFF_CHANGED", _("担当者の変更")
    STAFF_DEACTIVATED = "STAFF_DEACTIVATED", _("担当者の利用停止")
    STAFF_REACTIVATED = "STAFF_REACTIVATED", _("担当者の利用再開")
    MASTER_FILE_TAKEN_IN = "MASTER_FILE_TAKEN_IN", _("マスタCSVの取込")
    MASTER_SYNCED = "MASTER_SYNCED", _("マスタ同期")
    JOB_CANCELLED = "JOB_CANCELLED", _("時間のかかる処理の中止")


# What a person looks at to find out whether somebody else has been in the account.
SIGN_INS = [
    AuditAction.SIGNED_IN,
    AuditAction.SIGNED_IN_AT_TILL,
    AuditAction.SIGN_IN_FAILED,
    AuditAction.SIGN_IN_LOCKED,
    AuditAction.SECOND_STEP_FAILED,
    AuditAction.RECOVERY_CODE_USED,
]


def record(
    action: models.TextChoices,
    *,
    actor: Staff | None,
    company: Company | None,
    at: datetime,
    store: Store | None = None,
    subject: str = "",
    changes: dict[str, Any] | None = None,
    address: str = "",
) -> AuditEntry:
    """Write one line of 操作履歴. `changes` maps a label to a value or to a pair [before, after]; never put a secret there."""
    return AuditEntry.objects.create(
        action=action.value,
        actor=actor,
        company=company,
        store=store,
        subject=subject[:200],
        changes=in_source_language(changes or {}),
        address=address,
        at=at,
    )


def in_source_language(value: Any) -> Any:
    """Write labels out in Japanese whoever is asking, so that 操作履歴 reads the same for everybody."""
    with translation.override("ja"):
        if isinstance(value, dict):
            return {str(label): in_source_language(part) for label, part in value.items()}
        if isinstance(value, list | tuple):
            return [in_source_language(part) for part in value]
        return value if isinstance(value, int | None) else str(value)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who does something, when, and from where: what every line of 操作履歴 begins with."""

    actor: Staff | None
    at: datetime
    address: str = ""

    def record(
        self, action: models.TextChoices, *, store: Store | None = None, subject: str = "", changes: dict[str, Any] | None = None
    ) -> AuditEntry:
        """Write one line of 操作履歴 for the actor's company."""
        return record(
            action,
            actor=self.actor,
            company=self.actor.company,
            at=self.at,
            store=store,
            subject=subject,
            changes=changes,
            address=self.address,
        )


def origin_of(request) -> Origin:
    """Return who is asking for this, now."""
    return Origin(request.user, timezone.now(), client_address(request))
