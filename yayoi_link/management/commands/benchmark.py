import json
from dataclasses import asdict

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from yayoi_link import books_benchmark, chaos_benchmark, close_benchmark, deliver_benchmark, ingest_benchmark, pages_benchmark

# Each module has HELP, add_arguments(parser) and measure(*, tell, **options), which returns dataclasses that print themselves.
BENCHMARKS = {
    "close": close_benchmark,
    "books": books_benchmark,
    "deliver": deliver_benchmark,
    "ingest": ingest_benchmark,
    "pages": pages_benchmark,
    "chaos": chaos_benchmark,
}


class Command(BaseCommand):
    help = _("設定されたデータベースと同じ種類の使い捨てのデータベースで、かかる時間とメモリーを測ります。")

    def add_arguments(self, parser):
        names = parser.add_subparsers(dest="name", required=True, title=_("測るもの"))
        for name, benchmark in BENCHMARKS.items():
            options = names.add_parser(name, help=benchmark.HELP)
            options.add_argument("--json", action="store_true", dest="as_json", help=_("JSONで出力します"))
            benchmark.add_arguments(options)

    def handle(self, *, name, as_json, **options):
        measured = []
        for each in BENCHMARKS[name].measure(tell=self.stderr.write, **options):
            measured.append(each)
            if not as_json:
                self.stdout.write(str(each))
        if as_json:
            figures = {"benchmark": name, "database": connection.vendor, "measurements": [asdict(each) for each in measured]}
            self.stdout.write(json.dumps(figures))
        if not all(getattr(each, "is_sound", True) for each in measured):
            raise CommandError(_("失われたもの、二重のもの、または誤ったものがあります。"))
