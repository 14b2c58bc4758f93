from datetime import date

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from stores.models import Company
from yayoi_link.proving import days_to_prove, flaws_of_books

DAYS_BETWEEN_REPORTS, SLIPS_BETWEEN_REPORTS = 200, 20_000


def day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(_("日付「%(text)s」は 2026-04-01 の形で書いてください。") % {"text": text}) from None


class Command(BaseCommand):
    help = _(
        "伝票から日計、仕訳、送信内容まで、帳簿のすべての合計が一致することを確かめます。一致しないものがあれば、それを示して失敗します。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--company", metavar="CODE", help=_("企業コード。省くと全企業"))
        parser.add_argument("--from", type=day, dest="first", metavar="DATE", help=_("最初の営業日"))
        parser.add_argument("--to", type=day, dest="last", metavar="DATE", help=_("最後の営業日"))

    def handle(self, *, company, first, last, **options):
        days = days_to_prove(company=find_company(company), first=first, last=last)
        total, found = days.count(), 0
        for _day, flaws in self.with_progress(flaws_of_books(days), total):
            for flaw in flaws:
                self.stdout.write(in_words(flaw))
            found += len(flaws)
        if found:
            raise CommandError(_("%(days)s日のうちに、一致しないものが %(found)s件あります。") % {"days": total, "found": found})
        self.stdout.write(_("%(days)s日分の帳簿は、すべて一致しています。") % {"days": total})

    def with_progress(self, proved, total):
        """Say on the way how far it is: days differ in size, and so both days and slips count."""
        done = slips = told_days = told_slips = 0
        for day, flaws in proved:
            yield day, flaws
            done, slips = done + (day is not None), slips + (day.slip_count if day else 0)
            if done - told_days >= DAYS_BETWEEN_REPORTS or slips - told_slips >= SLIPS_BETWEEN_REPORTS:
                told_days, told_slips = done, slips
                said = _("%(total)s日のうち %(done)s日（伝票 %(slips)s件）を確かめました。")
                self.stderr.write(said % {"total": f"{total:,}", "done": f"{done:,}", "slips": f"{slips:,}"})


def find_company(code):
    if code is None:
        return None
    company = Company.objects.filter(code=code).first()
    if company is None:
        raise CommandError(_("企業コード「%(company)s」の企業がありません。") % {"company": code})
    return company


def in_words(flaw):
    where = f"{flaw.store.company.code} {flaw.store.code} {flaw.store.name} {flaw.date}"
    revision = _(" %(revision)s回目") % {"revision": flaw.revision} if flaw.revision else ""
    return f"{where}{revision}: {flaw.what}"
