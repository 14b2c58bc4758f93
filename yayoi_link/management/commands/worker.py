import signal
from contextlib import nullcontext

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connections
from django.utils.translation import gettext as _

from stores.telling import Telling, tell_if_possible
from yayoi_link.worker import THREADS, Worker
from yayoi_link.worker_lock import AnotherWorker, only_worker


class Command(BaseCommand):
    help = _("閉局した日を弥生へ送信し続けます。SIGTERMかCtrl-Cで、送信中のものを終えてから止まります。")

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help=_("いま送るものだけを送って終わります。"))
        parser.add_argument(
            "--threads",
            type=int,
            default=THREADS,
            metavar="N",
            help=_("1つの接続先ホストに同時に送信する数。ほかのホストのために、その4分の1を別に持ちます。"),
        )

    def handle(self, *, once, threads, **options):
        refuse_unsafe_settings(threads)
        try:
            with only_worker() as is_alone, Telling() if not once else nullcontext():
                worker = Worker(threads=threads, is_alone=is_alone)
                for signum in (signal.SIGTERM, signal.SIGINT):
                    signal.signal(signum, lambda *_: worker.stop())
                worker.run(once=once)
                if once:
                    tell_if_possible()
        except AnotherWorker:
            raise CommandError(_("このデータベースでは、すでにワーカーが動いています。SQLiteで動かせるワーカーは1つだけです。")) from None


def refuse_unsafe_settings(threads):
    """What the system checks say too; but they can be skipped, and a worker that doubles a day cannot be called back."""
    if threads < 1:
        raise CommandError(_("--threads には1以上の数を指定してください。"))
    if settings.DELIVERY_LEASE < 2 * settings.DELIVERY_DEADLINE:
        raise CommandError(_("DELIVERY_LEASE_SECONDS は DELIVERY_DEADLINE_SECONDS の2倍以上にしてください。"))
    if not all(survives_power_cut(connections[alias]) for alias in connections):
        raise CommandError(_("PostgreSQLが fsync=off で動いています。停電で送信の記録が失われるため、ワーカーを開始しません。"))


def survives_power_cut(connection):
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        return cursor.fetchone() == ("on",)
