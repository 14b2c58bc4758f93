"""What about deliveries people are told of: what needs them, what has not got through for an hour, and what stops it all."""

from datetime import timedelta

from django.db.models import Case, CharField, Count, F, Min, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stores.notices import Cause, NoticeKind, watches_portal, watches_stores
from yayoi_link.models import Delivery, Outcome, WorkerSighting, YayoiLink
from yayoi_link.restoring import sending_stopped_reason
from yayoi_link.state_words import CHIPS, MEANINGS, NEXT_STEPS
from yayoi_link.states import IN_FLIGHT, HoldReason, State
from yayoi_link.verdicts import CERTIFICATE

UNSENT_FOR = timedelta(hours=1)
TOLD_AT_ONCE = (State.REJECTED, State.UNKNOWN, State.UNVERIFIED, State.EXHAUSTED)
ON_THEIR_WAY = IN_FLIGHT | {State.PENDING, State.RETRY_WAIT}
# What is held because its link is off or missing, or before 連携開始日, is so because somebody wanted it.
HELD_BY_FAULT = (HoldReason.MAPPING_MISSING, HoldReason.UNWRITABLE_TEXT, HoldReason.KEY_UNAVAILABLE, HoldReason.KNOWN_TO_JOURNAL)
# Of several days some may have been answered, and others never left.
REJECTED_OR_BLOCKED = _(
    "接続先リンクに問題があるか、弥生側が「受け付けない」と応答しました。通常は帳簿に入っていませんが、確実ではありません。"
)


def _deliveries_in(state):
    return lambda store_id: f"{reverse('yayoi_link:deliveries')}?period=all&store={store_id or ''}&state={state}"


def _links(store_id):
    return reverse("yayoi_link:edit_links")


def _kind_of_state(state):
    chip = CHIPS[state]
    page, meaning = _deliveries_in(state), REJECTED_OR_BLOCKED if state is State.REJECTED else MEANINGS[state]
    return NoticeKind(str(state), chip.word, chip.icon, meaning, NEXT_STEPS[state], chip.look, page, is_listed_on_top=True)


STATES_TOLD = {state: _kind_of_state(state) for state in TOLD_AT_ONCE}
AWAITING_DECISION = NoticeKind(
    name="awaiting_decision",
    word=_("判断待ち"),
    look="warn",
    icon="pause-circle",
    meaning=_("閉局し直しましたが、前回送った分が弥生にあるかもしれないため、まだ弥生に送っていません。"),
    step=_("前回送った分が弥生にあるか確かめて、「全件を送る」「差分を送る」「送らない」から選んでください。"),
    page=_deliveries_in(State.HELD),
    is_listed_on_top=True,
)
HELD = NoticeKind(
    name="held",
    word=_("送信保留"),
    look="warn",
    icon="pause-circle",
    meaning=MEANINGS[State.HELD],
    step=_("「連携状況」で保留の理由を確かめ、原因を直してから「送信する」を押してください。"),
    page=_deliveries_in(State.HELD),
    is_listed_on_top=True,
)
BAD_CERTIFICATE = NoticeKind(
    name="certificate",
    word=_("接続先の証明書の問題"),
    icon="shield-exclamation",
    meaning=_("接続先の証明書を確かめられないため、弥生に送っていません。弥生ではない相手につながっているおそれがあります。"),
    step=_("「弥生会計連携」で接続先リンクを確かめてください。リンクに間違いがなければ、弥生のお知らせを確認してください。"),
    page=_links,
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
LINK_GONE = NoticeKind(
    name="link_gone",
    word=_("連携を自動でOFFにしました"),
    icon="link-slash",
    meaning=_("接続先が「このリンクは廃止された」（410）と応答したため、弥生に送っていません。"),
    step=_("弥生側で接続先リンクを取得し直し、「弥生会計連携」で登録してください。連携をやめる場合は、接続先リンクを削除してください。"),
    page=_links,
)
WORKER_AWAY = NoticeKind(
    name="worker_away",
    word=_("弥生への送信が止まっています"),
    icon="signal-slash",
    meaning=_("送信プログラムから1分以上応答がありません。送信待ちの連携は失われません。閉局はそのまま行えます。"),
    step=_("送信プログラム（manage.py worker）を確かめて、動かしてください。店舗の方は運営にご連絡ください。"),
)
SENDING_STOPPED = NoticeKind(
    name="sending_stopped",
    word=_("弥生への送信をすべて止めています"),
    icon="hand-raised",
    meaning=_("送信の記録がデータベースと合いません。バックアップから戻された可能性があるため、二重に送らないように止めています。"),
    step=_("戻したデータベースであることを確かめ、manage.py after_restore を実行してください。店舗の方は運営にご連絡ください。"),
)
OF_DELIVERIES = (*STATES_TOLD.values(), AWAITING_DECISION, HELD, BAD_CERTIFICATE, NOT_SENT)


@watches_stores(*OF_DELIVERIES)
def deliveries_in_trouble(stores, at):
    """Yield a cause for each store and kind of trouble of its deliveries."""
    last_error = Outcome.objects.filter(attempt__delivery=OuterRef("pk")).order_by("-pk").values("error")[:1]
    is_held = Q(hold_reason__in=(HoldReason.AWAITING_DECISION, *HELD_BY_FAULT))
    is_being_tried = Q(state__in=ON_THEIR_WAY, first_tried_at__isnull=False)
    not_arrived = Delivery.objects.current().in_states((*TOLD_AT_ONCE, State.HELD, *ON_THEIR_WAY))
    # A first try that far ahead was written by a clock that was wrong: how long ago it was nobody knows.
    is_unsent_for_long = Q(first_tried_at__lte=at - UNSENT_FOR) | Q(first_tried_at__gt=at + UNSENT_FOR)
    current = not_arrived.filter(Q(state__in=TOLD_AT_ONCE) | is_held | is_being_tried, day__store__in=stores)
    kind = Case(
        When(state__in=TOLD_AT_ONCE, then=F("state")),
        When(hold_reason=HoldReason.AWAITING_DECISION, then=Value(AWAITING_DECISION.name)),
        When(is_held, then=Value(HELD.name)),
        When(last_error__in=CERTIFICATE, then=Value(BAD_CERTIFICATE.name)),
        When(is_unsent_for_long, then=Value(NOT_SENT.name)),
        output_field=CharField(),
    )
    known = {kind.name: kind for kind in OF_DELIVERIES}
    rows = current.annotate(last_error=Subquery(last_error)).annotate(kind=kind).exclude(kind=None).order_by()
    for store, name, days, oldest in rows.values_list("day__store", "kind").annotate(days=Count("pk"), oldest=Min("day__date")):
        yield Cause(known[name], store, days, oldest)


@watches_stores(LINK_GONE)
def links_that_are_gone(stores, at):
    """Yield a cause for each store whose link its receiver has switched off, until somebody has seen to it."""
    gone = YayoiLink.objects.filter(gone_at__isnull=False, store__in=stores.in_use())
    for store in gone.values_list("store", flat=True):
        yield Cause(LINK_GONE, store)


@watches_portal(WORKER_AWAY, SENDING_STOPPED)
def what_stops_everything():
    """Yield what keeps the portal as a whole from sending."""
    if not WorkerSighting.any_alive():
        yield Cause(WORKER_AWAY)
    if sending_stopped_reason():
        yield Cause(SENDING_STOPPED)
