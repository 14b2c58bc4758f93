from django.dispatch import Signal

# Sent inside the transaction that founds a company, with `company`: each app gives it what it cannot start without.
company_founded = Signal()
