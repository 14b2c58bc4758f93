from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stores.models.people import Staff
from stores.models.places import Company

LEASE = timedelta(seconds=15)
# After an error that nobody foresaw, and how often such a job is taken up without getting on.
RESTS_AFTER_ERROR = timedelta(seconds=30)
MOST_VAIN_RUNS = 5
FILES_KEPT_FOR = timedelta(days=7)
DRAFTS_KEPT_FOR = timedelta(days=1)


class JobQuerySet(models.QuerySet):
    def visible_to(self, staff):
        """A job and what came of it are their own person's only."""
        return self.filter(actor=staff)

    def unfinished(self):
        return self.filter(state__in=[Job.State.DRAFT, Job.State.WAITING, Job.State.RUNNING])

    def started(self):
        return self.exclude(state=Job.State.DRAFT)

    def ended_unseen(self):
        """What ended lately, and its person has not been shown that yet. What was cancelled, its person has ended."""
        return self.filter(seen_at=None, finished_at__gte=Now() - FILES_KEPT_FOR).exclude(state=Job.State.CANCELLED)

    def due(self):
        """What may be taken up now: by the database's clock, and a lease too far ahead was written by a wrong one."""
        is_over = Q(lease_until__lte=Now()) | Q(lease_until__gt=Now() + 2 * RESTS_AFTER_ERROR)
        return self.filter(Q(state=Job.State.WAITING) | Q(is_over, state=Job.State.RUNNING))

    def drafts_nobody_wants(self):
        return self.filter(state=Job.State.DRAFT, created_at__lt=Now() - DRAFTS_KEPT_FOR)


class Job(models.Model):
    """Work that takes longer than a page may: done in pieces by a worker, each with its progress in one transaction."""

    class State(models.TextChoices):
        DRAFT = "draft", _("確認待ち")
        WAITING = "waiting", _("開始待ち")
        RUNNING = "running", _("処理中")
        DONE = "done", _("完了")
        CANCELLED = "cancelled", _("中止")
        FAILED = "failed", _("失敗")
        RESTORED = "restored", _("復元により終了")

    kind = models.CharField(_("処理"), max_length=40)
    company = models.ForeignKey(Company, models.PROTECT, related_name="jobs", verbose_name=_("企業"))
    actor = models.ForeignKey(Staff, models.PROTECT, related_name="jobs", verbose_name=_("担当者"))
    address = models.CharField(_("接続元"), max_length=45, blank=True)
    subject = models.CharField(_("対象"), max_length=200, blank=True)
    wish = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("状態"), max_length=9, choices=State, default=State.WAITING)
    progress = models.PositiveIntegerField(_("済んだ件数"), default=0)
    total = models.PositiveIntegerField(_("全体の件数"), default=0)
    result = models.JSONField(default=dict, blank=True)
    fence = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    vain_runs = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(_("作成日時"))
    started_at = models.DateTimeField(_("開始日時"), null=True, blank=True)
    finished_at = models.DateTimeField(_("終了日時"), null=True, blank=True)
    # When its person was shown how it ended.
    seen_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("時間のかかる処理")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="jobs_by_state_and_lease"),
            # Asked for on every page.
            models.Index(fields=["actor", "finished_at"], condition=Q(seen_at=None), name="jobs_unseen"),
        ]

    def __str__(self):
        return f"{self.kind} {self.subject}"

    @property
    def is_unfinished(self):
        return self.state in (self.State.DRAFT, self.State.WAITING, self.State.RUNNING)

    @property
    def left(self):
        """How many of its rows it has not come to."""
        return max(0, self.total - self.progress)

    @property
    def look(self):
        """How the state is shown: one of ok, wait, warn, bad, off."""
        return {"done": "ok", "failed": "bad", "cancelled": "off", "restored": "warn"}.get(self.state, "wait")

    @property
    def own(self):
        """The row, as long as it runs and nobody else has taken it up."""
        return Job.objects.filter(pk=self.pk, fence=self.fence, state=self.State.RUNNING)


class JobFileQuerySet(models.QuerySet):
    def of(self, job):
        return self.filter(job=job)

    def made(self):
        return self.filter(role=JobFile.Role.MADE)

    def kept(self):
        return self.filter(created_at__gte=Now() - FILES_KEPT_FOR)

    def too_old(self):
        """What was uploaded and never wanted goes sooner than what a job has made."""
        is_unwanted = Q(role=JobFile.Role.UPLOADED, created_at__lt=Now() - DRAFTS_KEPT_FOR) & ~Q(job__in=Job.objects.unfinished())
        return self.filter(Q(created_at__lt=Now() - FILES_KEPT_FOR) | is_unwanted)


class JobFile(models.Model):
    """What a job reads (uploaded) or has made (to download). In the database, so that any worker on any machine finds it."""

    class Role(models.TextChoices):
        UPLOADED = "uploaded", _("取り込むファイル")
        MADE = "made", _("結果のファイル")

    job = models.ForeignKey(Job, models.CASCADE, related_name="files")
    role = models.CharField(max_length=8, choices=Role, default=Role.MADE)
    name = models.CharField(_("ファイル名"), max_length=120)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    created_at = models.DateTimeField()

    objects = JobFileQuerySet.as_manager()

    class Meta:
        ordering = ["job", "pk"]
        constraints = [models.UniqueConstraint(fields=["job", "role"], name="one_file_of_a_job_per_role")]
