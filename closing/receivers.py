from django.dispatch import receiver

from closing.starting_masters import give_masters
from stores.signals import company_founded


@receiver(company_founded)
def start_with_masters(sender, company, **kwargs):
    give_masters(company)
