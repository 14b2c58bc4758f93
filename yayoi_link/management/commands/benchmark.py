import json
from dataclasses import asdict

from django.core.management import BaseCommand
from django.db import connection
from django.utils.translation import gettext as _

from yayoi_link.close_benchmark import SIZES, measure_closes


class Command(BaseCommand):
    help = _("設定されたデータベースと同じ種類の使い捨てのデータベースで、かかる時間とメモリーを測ります。")

    def add_arguments(self, parser):
        parser.add_argument("name", choices=["close"], help=_("測るもの。close は閉局"))
        parser.add_argument("--json", action="store_true", dest="as_json", help=_("JSONで出力します"))
        parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, metavar="N", help=_("その営業日の伝票数"))
        parser.add_argument("--other-slips", type=int, default=0, metavar="N", help=_("ほかの営業日の伝票数"))

    def handle(self, *, name, as_json, sizes, other_slips, **options):
        measured = measure_closes(sizes=tuple(sizes), other_slips=other_slips, tell=self.stderr.write)
        if as_json:
            figures = {"benchmark": name, "database": connection.vendor, "measurements": [asdict(each) for each in measured]}
            self.stdout.write(json.dumps(figures))
            return
        for each in measured:
            self.stdout.write(
                _("伝票 %(slips)s件: %(milliseconds).1f ミリ秒（CPU %(cpu).1f ミリ秒）、メモリー %(peak)s KiB、クエリー %(queries)s回")
                % {
                    "slips": each.slips,
                    "milliseconds": each.seconds * 1000,
                    "cpu": each.cpu_seconds * 1000,
                    "peak": each.peak_kib,
                    "queries": each.queries,
                }
            )
