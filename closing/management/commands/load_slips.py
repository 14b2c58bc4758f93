from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from closing.slip_loading import SlipsRefused, load_slips
from closing.slip_messages import sentence
from stores.audit import Origin
from stores.models import Store


class Command(BaseCommand):
    help = _("伝票CSVを1店舗に取り込みます。誤りが1行でもあれば、1件も取り込みません。同じファイルをもう一度取り込んでも何も変わりません。")

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help=_("伝票CSV"))
        parser.add_argument("--company", required=True, metavar="CODE", help=_("企業コード"))
        parser.add_argument("--store", required=True, metavar="CODE", help=_("店舗コード"))

    def handle(self, *, file, company, store, **options):
        found, content = find_store(company, store), content_of(file)
        now = timezone.now()
        try:
            days = load_slips(found, content, file_name=file.name, by=Origin(None, now), today=timezone.localdate(now))
        except SlipsRefused as refusal:
            self.show_reasons(refusal.rows)
            refused = {"rows": len(refusal.rows)}
            raise CommandError(
                _("%(rows)s行に誤りがあるため、1件も取り込んでいません。直してからもう一度実行してください。") % refused
            ) from None
        for loaded in days:
            self.stdout.write(in_words(loaded))
        sums = {"created": sum(day.created for day in days), "unchanged": sum(day.unchanged for day in days)}
        self.stdout.write(_("合計: 登録 %(created)s件、登録済み %(unchanged)s件") % sums)

    def show_reasons(self, rows):
        for row in rows:
            for problem in row.problems:
                place = {"line": row.line, "column": problem.column or "－", "reason": sentence(problem)}
                self.stderr.write(_("%(line)s行目 [%(column)s] %(reason)s") % place)


def find_store(company, code):
    stores = Store.objects.filter(company__code=company).retail().in_use()
    if not stores.exists():
        raise CommandError(_("企業コード「%(company)s」の企業がないか、店舗がまだありません。") % {"company": company})
    found = stores.select_related("company").filter(code=code).first()
    if found is None:
        known = "、".join(str(store) for store in stores)
        raise CommandError(_("店舗コード「%(code)s」の店舗がありません。この企業の店舗: %(known)s") % {"code": code, "known": known})
    return found


def content_of(file):
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(_("ファイル「%(file)s」を読めません: %(reason)s") % {"file": file, "reason": error.strerror}) from None


def in_words(loaded):
    said = _("%(date)s: 登録 %(created)s件、登録済み %(unchanged)s件") % {
        "date": loaded.day.date,
        "created": loaded.created,
        "unchanged": loaded.unchanged,
    }
    is_late = loaded.created and loaded.day.changed_after_close
    return said + _("（閉局後に変更あり。もう一度閉局すると日計に入ります）") if is_late else said
