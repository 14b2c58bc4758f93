from django import forms

from stores.forms.choices import StoreChoiceField
from stores.models import Store


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
