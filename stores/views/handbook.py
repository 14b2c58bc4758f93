from django.http import Http404
from django.shortcuts import render
from django.urls import resolve, reverse
from django.views.decorators.http import require_GET

from stores.access import Ability, allowed_at_till, may, requires, who_may
from stores.handbook import ARTICLES, articles_about, articles_by_topic
from stores.handbook_search import marked

LONGEST_QUERY = 100


@require_GET
@allowed_at_till
@requires(Ability.SEE_PORTAL)
def questions(request):
    """All questions by topic, or those that fit what was typed; htmx asks for the list alone, as somebody types."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    found = [hit_of(article, query) for article in articles_about(query)]
    shown = {"query": query, "found": found, "topics": articles_by_topic()}
    return render(request, "stores/handbook/list.html" if request.htmx else "stores/handbook/questions.html", shown)


def hit_of(article, query):
    """The question, and the sentence of the answer that says most of what was looked for."""
    passages = [marked(str(text), query) for text in article.answer + article.steps]
    passage = max(passages, key=lambda pieces: sum(len(piece.text) for piece in pieces if piece.is_hit))
    return {"article": article, "question": marked(str(article.question), query), "passage": passage}


@require_GET
@allowed_at_till
@requires(Ability.SEE_PORTAL)
def answer(request, slug):
    article = ARTICLES.get(slug)
    if article is None:
        raise Http404
    see = [ARTICLES[nearby] for nearby in article.see]
    return render(request, "stores/handbook/answer.html", {"article": article, "see": see, **leads_of(article, request)})


def leads_of(article, request):
    """The pages that this reader can open, who opens the others, and whether レジ業務 has to be left for them."""
    leads = [lead for lead in article.leads if not request.till_store or opens_at_till(lead)]
    open_leads = [lead for lead in leads if may(request.user, lead.ability)]
    return {
        "leads": open_leads,
        "closed_leads": [(lead.label, who_may(lead.ability)) for lead in leads if lead not in open_leads],
        "is_elsewhere": len(leads) < len(article.leads),
    }


def opens_at_till(lead):
    return hasattr(resolve(reverse(lead.view)).func, "allowed_at_till")
