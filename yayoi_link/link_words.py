"""Why a pasted link is refused, in words that say what to do about it."""

from django.utils.translation import gettext_lazy as _

from yayoi_link.addresses import LinkProblem

PASTE_AGAIN = _("弥生の「連携済みのサービス一覧」からリンク全体をもう一度コピーして貼り付けてください。")
PROBLEMS = {
    LinkProblem.EMPTY: _("接続先リンクを入力してください。"),
    LinkProblem.TOO_LONG: _("接続先リンクが長すぎます（2048文字まで）。"),
    LinkProblem.BLANK: _("接続先リンクの途中に空白か改行が入っています。"),
    LinkProblem.CONTROL_CHARACTER: _("接続先リンクに使えない文字が入っています。"),
    LinkProblem.BACKSLASH: _("接続先リンクに「\\」（円記号）が入っています。"),
    LinkProblem.NOT_A_LINK: _("リンクの形になっていません。「https://」から始まるリンク全体を貼り付けてください。"),
    LinkProblem.SCHEME: _("「https://」で始まるリンクだけを登録できます。"),
    LinkProblem.USER_INFO: _("接続先リンクに「@」を含む接続情報が入っています。"),
    LinkProblem.FRAGMENT: _("接続先リンクに「#」が入っています。"),
    LinkProblem.ZONE_ID: _("接続先リンクのホスト名に「％」が入っています。"),
    LinkProblem.HOST: _("接続先リンクのホスト名（https:// のあと）が正しくありません。"),
    LinkProblem.PORT: _("接続先リンクのポート番号は使えません。"),
    LinkProblem.PATH: _("接続先リンクに使えない文字が入っています。全角文字が混ざっていないか確かめてください。"),
    LinkProblem.ADDRESS: _("この接続先には送信できません（社内などのアドレスです）。"),
}
