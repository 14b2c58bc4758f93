from django.db import models
from django.utils.translation import gettext_lazy as _

from stores.models import Job, Store
from yayoi_link.models.deliveries import Delivery
from yayoi_link.models.labels import HOLD_REASONS, STATES


class BulkItemQuerySet(models.QuerySet):
    def visible_to(self, staff):
        return self.filter(job__actor=staff, delivery__day__store__in=Store.objects.visible_to(staff))

    def of(self, job):
        return self.filter(job=job)

    def selectable(self):
        return self.exclude(group__in=NOT_SELECTABLE)

    def chosen(self):
        return self.filter(is_chosen=True)

    def to_do(self):
        return self.chosen().filter(outcome="").order_by("pk")


class BulkItem(models.Model):
    """A day in a bulk operation: its delivery as the preview showed it, and what came of it."""

    class Group(models.TextChoices):
        READY = "ready", _("対象")
        SAFE = "safe", _("未送信・送信前の失敗")
        BEFORE_START = "before_start", _("連携開始日より前")
        MAY_DOUBLE = "may_double", _("拒否・不明")
        WILL_DOUBLE = "will_double", _("連携済")
        IDENTICAL = "identical", _("同一")
        STILL_HELD = "still_held", _("連携がOFF・リンク未登録")
        TOO_EARLY = "too_early", _("送信から10分以内")
        NOTHING = "nothing", _("対象外")

    class Outcome(models.TextChoices):
        DONE = "done", _("受け付けました")
        HELD = "held", _("まだ送信できません")
        CHANGED = "changed", _("状態が変わっていたため、何もしていません")
        TOO_EARLY = "too_early", _("送信から10分たっていないため、何もしていません")
        NOT_ALLOWED = "not_allowed", _("権限がないため、何もしていません")

    job = models.ForeignKey(Job, models.CASCADE, related_name="+")
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="+", verbose_name=_("連携"))
    state = models.CharField(_("表示したときの状態"), max_length=10, choices=STATES)
    fence = models.PositiveBigIntegerField()
    group = models.CharField(_("分類"), max_length=12, choices=Group)
    is_chosen = models.BooleanField(_("選択"), default=False)
    outcome = models.CharField(_("結果"), max_length=11, choices=Outcome, blank=True)
    hold_reason = models.CharField(_("保留の理由"), max_length=17, choices=HOLD_REASONS, blank=True)
    # The delivery that is current after the ruling: the same one, or the next generation.
    made = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="+")

    objects = BulkItemQuerySet.as_manager()

    class Meta:
        ordering = ["job", "pk"]
        constraints = [models.UniqueConstraint(fields=["job", "delivery"], name="one_item_per_job_and_delivery")]
        indexes = [models.Index(fields=["job", "is_chosen", "outcome"], name="bulk_items_to_do")]

    @property
    def is_selectable(self):
        return self.group not in NOT_SELECTABLE


NOT_SELECTABLE = frozenset({BulkItem.Group.IDENTICAL, BulkItem.Group.STILL_HELD, BulkItem.Group.TOO_EARLY, BulkItem.Group.NOTHING})
