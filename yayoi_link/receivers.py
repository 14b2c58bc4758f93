from django.db.models.signals import post_migrate
from django.dispatch import receiver

from closing.signals import day_closed
from yayoi_link import gate_journal
from yayoi_link.models import Delivery
from yayoi_link.outbox import make_delivery


@receiver(day_closed)
def deliver_closing(sender, closing, wish, **kwargs):
    make_delivery(closing, wish=wish)


@receiver(post_migrate)
def create_gate_journal(sender, using, **kwargs):
    """The first migrate makes an empty journal. Where deliveries exist, a missing one is a question for a person."""
    if sender.name == "yayoi_link" and not gate_journal.exists() and not Delivery.objects.using(using).exists():
        gate_journal.create_empty()
