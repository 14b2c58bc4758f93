"""What about deliveries people are told of: what needs them, what has not got through for an hour, and what stops it all."""

from datetime import timedelta

from django.db.models import Case, CharField, Count, F, Min, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stores.notices import Cause, NoticeKind, register_watch, register_watch_of_portal
from yayoi_link.models import Delivery, Outcome, WorkerSighting
from yayoi_link.restoring import sending_stopped_reason
from yayoi_link.state_words import CHIPS, MEANINGS, NEXT_STEPS
from yayoi_link.states import IN_FLIGHT, State
from yayoi_link.verdicts import CERTIFICATE

UNSENT_FOR = timedelta(hours=1)
TOLD_AT_ONCE = (State.REJECTED, State.UNKNOWN, State.UNVERIFIED, State.EXHAUSTED)
ON_THEIR_WAY = IN_FLIGHT | {State.PENDING, State.RETRY_WAIT}


def _deliveries_in(state):
    return lambda store_id: f"{reverse('yayoi_link:deliveries')}?period=all&store={store_id or ''}&state={state}"


def _kind_of_state(state):
    chip = CHIPS[state]
    page = _deliveries_in(state)
    return NoticeKind(str(state), chip.word, chip.look, chip.icon, MEANINGS[state], NEXT_STEPS[state], page)


STATES_TOLD = {state: _kind_of_state(state) for state in TOLD_AT_ONCE}
BAD_CERTIFICATE = NoticeKind(
    name="certificate",
    word=_("接続先の証明書の問題"),
    look="bad",
    icon="shield-exclamation",
    meaning=_("接続先の証明書を確かめられないため、弥生に送っていません。弥生ではない相手につながっているおそれがあります。"),
    step=_("「弥生会計連携」で接続先リンクを確かめてください。リンクに間違いがなければ、弥生のお知らせを確認してください。"),
    page=lambda store_id: reverse("yayoi_link:edit_links"),
)
NOT_SENT = NoticeKind(
    name="not_sent",
    word=_("1時間以上送信できていません"),
    look="warn",
    icon="arrow-path",
    meaning=_("弥生にはまだ届いていません。時間をおいて自動で送り直しています。"),
    step=_("急ぐときは「弥生会計連携」で「接続先の確認」を行ってください。ほかにすることはありません。"),
    page=_deliveries_in(State.RETRY_WAIT),
)
WORKER_AWAY = NoticeKind(
    name="worker_away",
    word=_("弥生への送信が止まっています"),
    look="bad",
    icon="signal-slash",
    meaning=_("送信プログラムから1分以上応答がありません。送信待ちの連携は失われません。閉局はそのまま行えます。"),
    step=_("送信プログラム（manage.py worker）を確かめて、動かしてください。店舗の方は運営にご連絡ください。"),
    page=lambda store_id: reverse("top"),
)
SENDING_STOPPED = NoticeKind(
    name="sending_stopped",
    word=_("弥生への送信をすべて止めています"),
    look="bad",
    icon="hand-raised",
    meaning=_("送信の記録がデータベースと合いません。バックアップから戻された可能性があるため、二重に送らないように止めています。"),
    step=_("戻したデータベースであることを確かめ、manage.py after_restore を実行してください。店舗の方は運営にご連絡ください。"),
    page=lambda store_id: reverse("top"),
)


def deliveries_in_trouble(stores, at):
    """Yield a cause for each store and kind of trouble of its deliveries."""
    last_error = Outcome.objects.filter(attempt__delivery=OuterRef("pk")).order_by("-pk").values("error")[:1]
    tried = Delivery.objects.current().filter(
        Q(state__in=TOLD_AT_ONCE) | Q(state__in=ON_THEIR_WAY, first_tried_at__isnull=False), day__store__in=stores
    )
    kind = Case(
        When(state__in=TOLD_AT_ONCE, then=F("state")),
        When(last_error__in=CERTIFICATE, then=Value(BAD_CERTIFICATE.name)),
        When(first_tried_at__lte=at - UNSENT_FOR, then=Value(NOT_SENT.name)),
        output_field=CharField(),
    )
    known = {kind.name: kind for kind in (*STATES_TOLD.values(), BAD_CERTIFICATE, NOT_SENT)}
    rows = tried.annotate(last_error=Subquery(last_error)).annotate(kind=kind).exclude(kind=None).order_by()
    for store, name, days, oldest in rows.values_list("day__store", "kind").annotate(days=Count("pk"), oldest=Min("day__date")):
        yield Cause(known[name], store, days, oldest)


def what_stops_everything():
    """Yield what keeps the portal as a whole from sending."""
    if not WorkerSighting.any_alive():
        yield Cause(WORKER_AWAY)
    if sending_stopped_reason():
        yield Cause(SENDING_STOPPED)


register_watch(deliveries_in_trouble, *STATES_TOLD.values(), BAD_CERTIFICATE, NOT_SENT)
register_watch_of_portal(what_stops_everything, WORKER_AWAY, SENDING_STOPPED)
