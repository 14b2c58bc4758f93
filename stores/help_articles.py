"""ヘルプ: questions about signing in, people, and the portal itself."""

from django.utils.translation import gettext_lazy as _

from stores.access import Ability
from stores.handbook import Article, Lead, Topic, register_articles

PEOPLE_TOPIC = Topic(7, _("ログインと担当者"))
PORTAL = Topic(8, _("管理画面"))

MASTER_SYNC = Lead("stores:master_sync", _("マスタ同期を開く"))
PEOPLE = Lead("stores:staff", _("担当者を開く"), Ability.EDIT_STAFF)
OWN_PASSWORD = Lead("stores:change_password", _("パスワード変更を開く"))
OWN_ACCOUNT = Lead("stores:account", _("アカウントを開く"))
LONG_WORK = Lead("stores:jobs", _("時間のかかる処理を開く"))
ACTIVITY = Lead("stores:audit", _("操作履歴を開く"), Ability.SEE_AUDIT)

register_articles(
    Article(
        "change-operator",
        PEOPLE_TOPIC,
        _("レジ担当者を変えたい"),
        (
            _("レジ業務の途中で代わるときは「担当者を交代」を押し、次の人がパスワードを入力します。操作は、その人の名前で記録されます。"),
            _("レジに表示する担当者を増やす・減らすときは、企業管理者が「担当者」で登録し、マスタ同期を実施します。"),
        ),
        leads=(PEOPLE,),
        words=_("交代 シフト 引き継ぎ スタッフ 追加 退職"),
        see=(
            "master-sync",
            "who-may",
        ),
    ),
    Article(
        "forgotten-password",
        PEOPLE_TOPIC,
        _("パスワードを忘れました"),
        (_("企業管理者に頼んで、新しい初期パスワードを発行してもらってください。前のパスワードを調べることはだれにもできません。"),),
        steps=(
            _("企業管理者が「担当者」でその人を開き、パスワードを再発行します。"),
            _("「ログインID通知書」の初期パスワードでログインし、自分のパスワードに変えます。"),
        ),
        leads=(
            PEOPLE,
            OWN_PASSWORD,
        ),
        words=_("ログインできない 再発行 初期パスワード"),
        see=("locked-out",),
    ),
    Article(
        "locked-out",
        PEOPLE_TOPIC,
        _("正しいパスワードなのにログインできません"),
        (
            _("続けて5回まちがえると、安全のため15分ほどログインできなくなります。少し待ってから、もう一度お試しください。"),
            _("企業コード・担当者コード・パスワードの3つがそろっているか、大文字と小文字を取りちがえていないかもご確認ください。"),
        ),
        leads=(OWN_ACCOUNT,),
        words=_("ロック ログイン エラー 15分 二段階認証 確認コード"),
        see=("forgotten-password",),
    ),
    Article(
        "who-may",
        PEOPLE_TOPIC,
        _("「権限がありません」と出ます"),
        (
            _("操作できる人は権限で決まっています。画面には、その操作ができる人が書いてあります。"),
            _(
                "スタッフは開局・閉局と、届いていない連携の再連携ができます。店長はそれに加えて、担当する店舗の設定と、重複するかもしれない連携の判断ができます。"
            ),
            _("企業管理者はすべての操作ができ、経理・税理士は見ることと書き出しができます。"),
        ),
        leads=(ACTIVITY,),
        words=_("権限 できない 店長 スタッフ 企業管理者 経理"),
        see=("change-operator",),
    ),
    Article(
        "master-sync",
        PORTAL,
        _("マスタ同期とは何ですか"),
        (
            _("店舗・担当者・支払方法・連携の設定を、レジに反映する操作です。設定を変えたあとは必ず実施してください。"),
            _("「未同期」のレジは、まだ前の設定で動いています。"),
        ),
        steps=(
            _("「運用管理設定」から「マスタ同期」を開きます。"),
            _("「マスタ同期」を押します。"),
        ),
        leads=(MASTER_SYNC,),
        words=_("未同期 レジに反映 設定 更新 版"),
        see=("change-operator",),
    ),
    Article(
        "long-work",
        PORTAL,
        _("処理中に画面を閉じても大丈夫ですか"),
        (
            _("大丈夫です。取込・書き出し・一括の連携などは、画面を閉じてもログアウトしても続きます。"),
            _("終わると、始めた人が次に開いた画面の上にお知らせが出ます。結果を見ると消えます。"),
            _(
                "進み具合と結果は「時間のかかる処理」で見られ、できたファイルは7日間ダウンロードできます。中止できる処理には「中止」のボタンがあり、済んだ分はそのまま残ります。"
            ),
        ),
        leads=(LONG_WORK,),
        words=_("進み具合 中止 ダウンロード 時間がかかる 途中"),
    ),
)
