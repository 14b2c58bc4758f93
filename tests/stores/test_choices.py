from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stores.forms.choices import StoreChoiceField, StoresField
from stores.models import Store
from tests.cast import sign_in


class OneStore(forms.Form):
    store = StoreChoiceField(required=False, empty_label="すべて")

    def __init__(self, *args, stores, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["store"].queryset = stores


def test_the_stores_are_written_as_a_list_with_the_chosen_one(shibuya, kichijoji):
    form = OneStore({"store": str(kichijoji.pk)}, stores=Store.objects.filter(pk__in=[shibuya.pk, kichijoji.pk]))

    assert form["store"].as_widget().splitlines() == [
        '<select id="id_store" name="store"><option value="">すべて</option>',
        f'<option value="{shibuya.pk}">0001 渋谷店</option>',
        f'<option value="{kichijoji.pk}" selected>0002 吉祥寺店</option></select>',
    ]


def test_the_name_of_a_store_is_no_markup(shibuya):
    Store.objects.filter(pk=shibuya.pk).update(name="<script>&")
    form = OneStore(stores=Store.objects.filter(pk=shibuya.pk))

    assert "0001 &lt;script&gt;&amp;" in form["store"].as_widget()


def test_a_store_that_is_not_offered_cannot_be_chosen(shibuya, kichijoji):
    form = OneStore({"store": str(kichijoji.pk)}, stores=Store.objects.filter(pk=shibuya.pk))

    assert (form.is_valid(), form["store"].as_widget().count("selected")) == (False, 0)


class SomeStores(forms.Form):
    stores = StoresField(required=False)

    def __init__(self, *args, stores, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stores"].queryset = stores


def test_several_stores_are_boxes_with_the_chosen_ones_ticked(shibuya, kichijoji):
    form = SomeStores({"stores": [str(kichijoji.pk)]}, stores=Store.objects.filter(pk__in=[shibuya.pk, kichijoji.pk]))

    assert form["stores"].as_widget(attrs={"class": "field-choices"}).splitlines() == [
        f'<div class="field-choices" id="id_stores"><div><label for="id_stores_0"><input name="stores" type="checkbox" value="{shibuya.pk}"'
        ' id="id_stores_0"> 0001 渋谷店</label></div>',
        f'<div><label for="id_stores_1"><input name="stores" type="checkbox" value="{kichijoji.pk}"'
        ' id="id_stores_1" checked> 0002 吉祥寺店</label></div></div>',
    ]


def test_the_boxes_are_read_in_one_query_and_their_names_are_no_markup(shibuya, kichijoji, django_assert_num_queries):
    Store.objects.filter(pk=shibuya.pk).update(name="<script>&")
    form = SomeStores(stores=Store.objects.filter(pk__in=[shibuya.pk, kichijoji.pk]))

    with django_assert_num_queries(1):
        boxes = form["stores"].as_widget()

    assert " 0001 &lt;script&gt;&amp;</label>" in boxes


def test_a_register_that_must_be_chosen_is_read_once(client, admin, shibuya):
    shibuya.registers.create(number=1)
    sign_in(client, admin)

    with CaptureQueriesContext(connection) as queries:
        assert client.get("/slips/new/").status_code == 200

    assert sum('AS "store__name"' in query["sql"] and "stores_register" in query["sql"] for query in queries) == 1


def test_many_boxes_have_a_search_and_few_have_none(company, shibuya):
    few = SomeStores(stores=Store.objects.filter(company=company))["stores"].as_widget()
    Store.objects.bulk_create(Store(company=company, code=f"1{number:03}", name="新店") for number in range(12))
    many = SomeStores(stores=Store.objects.filter(company=company))["stores"].as_widget()

    assert ['data-box-tools="id_stores"' in boxes for boxes in (few, many)] == [False, True]
