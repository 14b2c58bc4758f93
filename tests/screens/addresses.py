"""The pages of the portal, as its table of addresses knows them."""

import inspect
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404

# Not of the portal's own look: Django's admin, the registers' API, the answers for machines.
OTHERS = ("admin:", "api:", "healthz", "readyz")


def kind_of(link: str) -> str | None:
    """Return the name of the view to which a link of the portal leads."""
    path = urlsplit(link)
    if path.netloc or not path.path.startswith("/"):
        return None
    try:
        kind = resolve(path.path).view_name
    except Resolver404:
        return None
    return None if kind.startswith(OTHERS) else kind


def pages() -> Iterator[str]:
    """Name every view that answers a GET."""
    for name, view in _views(get_resolver(), ""):
        if not name.startswith(OTHERS) and "GET" in methods_of(view):
            yield name


def methods_of(view: Callable) -> list[str]:
    """Return what `require_http_methods` lets through, which only its decorator knows."""
    while view:
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods:
            return methods
        view = getattr(view, "__wrapped__", None)
    return ["GET"]


def _views(resolver: URLResolver, namespace: str) -> Iterator[tuple[str, Callable]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield f"{namespace}{each.name}", each.callback
        else:
            yield from _views(each, f"{each.namespace}:" if each.namespace else namespace)
