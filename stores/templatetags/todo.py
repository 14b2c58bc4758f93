from django import template

from stores.access import Ability, may
from stores.models import Register, Store

register = template.Library()


@register.inclusion_tag("stores/todo.html", takes_context=True)
def stores_todo(context):
    """What this app wants from the person: stores and registers that are missing, registers with old master data."""
    person = context["request"].user
    stores = Store.objects.visible_to(person).retail().in_use()
    registers = Register.objects.in_use().filter(store__in=stores)
    return {
        "has_no_store": not stores.exists(),
        "stores_without_register": stores.exclude(registers__in=registers) if may(person, Ability.EDIT_STORES) else [],
        "registers_due": registers.due_for_sync().count() if may(person, Ability.SYNC_MASTER) else 0,
        "may_edit_stores": may(person, Ability.EDIT_STORES),
    }
