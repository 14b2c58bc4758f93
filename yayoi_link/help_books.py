"""ヘルプ: questions about journal entries, files, and what the books of Yayoi hold."""

from django.utils.translation import gettext_lazy as _

from closing.help_articles import BOOKS
from stores.access import Ability
from stores.handbook import Article, Lead, register_articles
from yayoi_link.help_deliveries import DELIVERIES

EXPORT = Lead("yayoi_link:export", _("弥生インポート形式を開く"), Ability.EXPORT)
RECONCILE = Lead("yayoi_link:reconcile", _("照合を開く"), Ability.RECONCILE)
ACCOUNTS = Lead("yayoi_link:accounts", _("仕訳設定を開く"), Ability.SEE_ACCOUNTS)

register_articles(
    Article(
        "unwanted-rows",
        BOOKS,
        _("弥生に送りたくないデータを止められますか"),
        (
            _(
                "できます。仕訳設定で、行ごとに「送る」の印を外すと、その取引は弥生に送りません。営業日ごと送らないときは、連携の画面で「送信不要」を選びます。"
            ),
            _("弥生に届いたあとの取り込み方は、弥生側で設定します。"),
        ),
        leads=(
            ACCOUNTS,
            DELIVERIES,
        ),
        words=_("不要なデータ 制御 送らない 除外 送信不要"),
        see=(
            "delete-in-yayoi",
            "accounts-missing",
        ),
    ),
    Article(
        "accounts-missing",
        BOOKS,
        _("「勘定科目が決まっていない取引があります」と出ます"),
        (_("新しい支払方法や入出金理由に、弥生の勘定科目がまだ決まっていません。閉局はできますが、決めるまで送信保留になります。"),),
        steps=(
            _("「仕訳設定」で、印の付いた行の勘定科目を選んで「登録」を押します。"),
            _("連携の画面で「送信する」を押します。"),
        ),
        leads=(
            ACCOUNTS,
            DELIVERIES,
        ),
        words=_("仕訳 勘定科目 支払方法 入出金理由 送信保留"),
        see=("on-hold",),
    ),
    Article(
        "difference",
        BOOKS,
        _("「差分を送る」と「全件を送る」はどちらを選びますか"),
        (
            _(
                "前の分が弥生に入っていて、すでに仕訳になっているときは「差分を送る」を選びます。増えた分と減った分だけが送られ、前の行は残ります。"
            ),
            _("前の行がまだ「未確定の取引」にあるときは、それを消して「全件を送る」を選ぶと、弥生の記録が分かりやすくなります。"),
            _("何も送らなくてよいときは「送らない」を選びます。"),
        ),
        leads=(DELIVERIES,),
        words=_("差分 全件 判断待ち 変更 訂正"),
        see=(
            "close-again",
            "delete-in-yayoi",
        ),
    ),
    Article(
        "import-file",
        BOOKS,
        _("弥生インポート形式はいつ使いますか"),
        (
            _("連携を使わずに、仕訳をファイルで弥生に取り込むときに使います。連携する前の期間をまとめて入れるときなどです。"),
            _("すでに連携した営業日を取り込むと、弥生で重複します。取り込んだ営業日の連携は「送信不要」にしてください。"),
        ),
        leads=(EXPORT,),
        words=_("CSV ファイル 書き出し エクスポート インポート 手で取り込む"),
        see=(
            "avoid-doubles",
            "long-work",
        ),
    ),
    Article(
        "reconciliation",
        BOOKS,
        _("照合では何が分かりますか"),
        (
            _(
                "弥生の仕訳日記帳のファイルと、管理画面が送った内容を営業日ごとに比べます。一致・不足・重複・金額違いが分かり、することも表示します。"
            ),
            _("読むだけで、弥生も管理画面も何も変わりません。選んだファイルは、照合が終わると消します。"),
        ),
        steps=(
            _("弥生で仕訳日記帳をエクスポートします。"),
            _("「照合」でファイルを選び、「照合する」を押します。"),
        ),
        leads=(RECONCILE,),
        words=_("仕訳日記帳 確認 一致 不足 重複 突き合わせ 月末"),
        see=(
            "delete-in-yayoi",
            "unknown-result",
            "month-lock",
        ),
    ),
)
