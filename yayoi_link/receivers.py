from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from closing.signals import day_closed
from stores.signals import store_retired
from yayoi_link import gate_journal
from yayoi_link.links import switch_off_link
from yayoi_link.models import Delivery
from yayoi_link.outbox import make_delivery


@receiver(day_closed)
def deliver_closing(sender, closing, wish, **kwargs):
    make_delivery(closing, wish=wish)


@receiver(store_retired)
def stop_posting(sender, store, by, **kwargs):
    switch_off_link(store, by=by)


@receiver(post_migrate)
def create_gate_journal(sender, using, **kwargs):
    """The first migrate makes an empty journal. Where deliveries exist, a missing one is a question for a person."""
    if sender.name != "yayoi_link" or using != DEFAULT_DB_ALIAS:
        return  # a database of its own for the journal knows of no deliveries: that says nothing
    if not gate_journal.exists() and not Delivery.objects.exists():
        gate_journal.create_empty()
