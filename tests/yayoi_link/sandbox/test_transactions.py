from tests.yayoi_link.sandbox.postings import make_posting, make_transaction
from tests.yayoi_link.sandbox.running import Visitor


def many(count):
    return [make_transaction(key=f"{number:03}", description=f"取引{number:03}", amount=number) for number in range(1, count + 1)]


def test_the_newest_posting_comes_first(link):
    link.send(make_posting(make_transaction(description="きのう")))
    link.send(make_posting(make_transaction(description="きょう")))

    assert link.owner.transactions() == ["きょう", "きのう"]


def test_a_page_has_150_rows(link):
    link.send(make_posting(*many(151)))

    second_page = link.owner.get("/transactions/?page=2").text

    assert len(link.owner.transactions()) == 150
    assert "取引151" in second_page
    assert "取引150" not in second_page


def test_rows_are_filtered_by_link(bookkeeper):
    shibuya, kichijoji = bookkeeper.issue_link("渋谷店"), bookkeeper.issue_link("吉祥寺店")
    shibuya.send(make_posting(make_transaction(description="渋谷の売上")))
    kichijoji.send(make_posting(make_transaction(description="吉祥寺の売上")))

    assert bookkeeper.transactions(shibuya) == ["渋谷の売上"]


def test_deleted_rows_are_gone_and_their_posting_stays_in_the_log(link):
    posting = make_posting(*many(3))
    link.send(posting)

    page = link.owner.post("/transactions/", transactions=link.owner.transaction_ids()[:2])

    assert "2件の取引を削除しました。" in page.text
    assert link.owner.transactions() == ["取引003"]
    assert posting["batch"]["id"][:8] in link.owner.get(f"/links/{link.pk}/postings/").text


def test_nothing_ticked_is_said_and_not_done(link):
    link.send(make_posting())

    page = link.owner.post("/transactions/")

    assert "削除する取引を選んでください。" in page.text
    assert len(link.owner.transactions()) == 1


def test_another_accounts_rows_cannot_be_deleted(sandbox, link):
    link.send(make_posting())
    stranger = Visitor(sandbox)
    stranger.sign_in("a stranger")

    page = stranger.post("/transactions/", transactions=link.owner.transaction_ids())

    assert "選んだ取引の一部は、もうありません。" in page.text
    assert len(link.owner.transactions()) == 1
