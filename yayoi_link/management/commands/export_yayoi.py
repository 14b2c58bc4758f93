from datetime import date
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from stores import audit
from stores.models import Company, Store
from yayoi_link.export_files import named_parts
from yayoi_link.export_words import changes_in_words, refusals_in_words
from yayoi_link.exporting import days_left_out, export_days
from yayoi_link.history import LinkAction
from yayoi_link.importfile import Dialect


def day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(_("日付「%(text)s」は 2026-04-01 の形で書いてください。") % {"text": text}) from None


class Command(BaseCommand):
    help = _("閉局した営業日の仕訳を、弥生インポート形式のファイルにします。書けない行が1行でもあれば、ファイルは作りません。")

    def add_arguments(self, parser):
        parser.add_argument("--company", required=True, metavar="CODE", help=_("企業コード"))
        parser.add_argument("--store", metavar="CODE", help=_("店舗コード。省くと全店舗"))
        parser.add_argument("--from", required=True, type=day, dest="first", metavar="DATE", help=_("最初の営業日"))
        parser.add_argument("--to", required=True, type=day, dest="last", metavar="DATE", help=_("最後の営業日"))
        parser.add_argument("--out", required=True, type=Path, metavar="DIR", help=_("ファイルを置くフォルダー"))
        parser.add_argument("--for", choices=list(Dialect), default=Dialect.DESKTOP, dest="dialect", help=_("取り込む製品"))

    def handle(self, *, company, store, first, last, out, dialect, **options):
        if last < first:
            raise CommandError(_("終了日は開始日以降にしてください。"))
        found, stores = find_company(company), find_stores(company, store)
        made = export_days(stores, first=first, last=last, dialect=Dialect(dialect))
        if made.refused:
            raise CommandError("\n".join([*refusals_in_words(made.refused), _("書けない行があるため、ファイルを作っていません。")]))
        for left_out in days_left_out(stores, first=first, last=last):
            self.stderr.write(
                _("%(day)s は閉局していないか、閉局後に変更がありました。閉局した時点までの内容だけが入ります。") % {"day": left_out}
            )
        for change in changes_in_words(made):
            self.stderr.write(change)
        names = [company, store] if store else [company]
        written = write(named_parts(made.parts, codes=names, dialect=Dialect(dialect)), out)
        for path, part in written:
            self.stdout.write(_("%(path)s: %(rows)s行") % {"path": path, "rows": part.row_count})
        self.stdout.write(_("営業日%(days)s件、仕訳%(rows)s行を書き出しました。") % {"days": made.days, "rows": made.row_count})
        note(found, stores.first() if store else None, first, last, made)


def find_company(code):
    company = Company.objects.filter(code=code).first()
    if company is None:
        raise CommandError(_("企業コード「%(company)s」の企業がありません。") % {"company": code})
    return company


def find_stores(company, code):
    stores = Store.objects.filter(company__code=company).retail()
    if code is None:
        return stores
    if not stores.filter(code=code).exists():
        raise CommandError(_("店舗コード「%(code)s」の店舗がありません。") % {"code": code})
    return stores.filter(code=code)


def write(named, out):
    try:
        out.mkdir(parents=True, exist_ok=True)
        written = [(out / name, part) for name, part in named]
        for path, part in written:
            path.write_bytes(part.content)
    except OSError as error:
        raise CommandError(_("フォルダー「%(out)s」に書けません: %(reason)s") % {"out": out, "reason": error.strerror}) from None
    return written


def note(company, store, first, last, made):
    audit.record(
        LinkAction.BOOKS_EXPORTED,
        actor=None,
        company=company,
        store=store,
        at=timezone.now(),
        subject=f"{first} – {last}",
        changes={_("行数"): made.row_count},
    )
