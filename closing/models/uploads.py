from django.db import models
from django.utils.translation import gettext_lazy as _

from closing.slip_content import Problem
from stores.models import Job, JobFile


class SlipFileRemarkQuerySet(models.QuerySet):
    def of(self, job):
        return self.filter(job=job)

    def without_file(self):
        """Of files that nobody can take in any more."""
        return self.exclude(job__in=JobFile.objects.filter(role=JobFile.Role.UPLOADED).values("job"))


class SlipFileRemark(models.Model):
    """What has to be said of one line of an uploaded slip file; most lines need no word."""

    class Fate(models.TextChoices):
        """What becomes of a line."""

        NEW = "NEW", _("登録する")
        KNOWN = "KNOWN", _("登録済み")
        REPEATED = "REPEATED", _("ファイル内の重複")
        KEPT = "KEPT", _("保留になる")
        REFUSED = "REFUSED", _("誤りがある")

    job = models.ForeignKey(Job, models.CASCADE, related_name="+")
    line = models.PositiveIntegerField(_("行"))
    fate = models.CharField(_("扱い"), max_length=8, choices=Fate)
    problems = models.JSONField(default=list)

    objects = SlipFileRemarkQuerySet.as_manager()

    class Meta:
        ordering = ["job", "line", "pk"]
        indexes = [models.Index(fields=["job", "line"], name="remarks_of_a_file_by_line")]

    @property
    def found_problems(self):
        return [Problem(*problem) for problem in self.problems]
