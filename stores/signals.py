from django.dispatch import Signal

# Sent inside the transaction that founds a company, with `company`: each app gives it what it cannot start without.
company_founded = Signal()
# Sent inside the transaction that takes a store out of use, with `store` and `by`: each app ends what would go on by itself.
store_retired = Signal()
