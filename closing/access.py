"""Who reaches the pages of レジ業務: the operator who signed in there, with his own rights."""

from collections.abc import Callable
from functools import wraps

from django.shortcuts import redirect

from stores.access import Ability, allowed_at_till, requires


def at_till(ability: Ability) -> Callable:
    """Decorate a page of レジ業務 with what its operator must be able to do; whoever has not signed in there is led to the sign-in."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.till_store is None:
                return redirect("closing:till")
            return view(request, *args, **kwargs)

        return allowed_at_till(requires(ability)(guarded))

    return decorate
