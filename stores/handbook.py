"""ヘルプ: questions that people have, answered in their words. Every app registers its own articles when it loads."""

from dataclasses import dataclass
from operator import attrgetter

from django.utils.functional import Promise

from stores.access import Ability
from stores.handbook_search import Searched, search


# Told apart by which it is: compared by its label it would be another one in each language.
@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """A group of questions; `place` orders the groups on the page."""

    place: int
    label: Promise


@dataclass(frozen=True, slots=True)
class Lead:
    """Where it is done: a page by its URL's name, for whoever has the ability."""

    view: str
    label: Promise
    ability: Ability = Ability.SEE_PORTAL


@dataclass(frozen=True, slots=True)
class Article:
    """One question with its answer in at most ten sentences, `steps` in their order.

    `slug` is its address. `words` are what people may look for besides what is written, `see` the slugs of questions nearby.
    """

    slug: str
    topic: Topic
    question: Promise
    answer: tuple[Promise, ...]
    steps: tuple[Promise, ...] = ()
    leads: tuple[Lead, ...] = ()
    words: Promise | str = ""
    see: tuple[str, ...] = ()

    @property
    def searched(self) -> Searched:
        return Searched(str(self.question), str(self.words), "\n".join(map(str, self.answer + self.steps)))


ARTICLES: dict[str, Article] = {}


def register_articles(*articles: Article) -> None:
    """Let people find these articles. Raises ValueError for a slug that is taken."""
    for article in articles:
        if article.slug in ARTICLES:
            raise ValueError(article.slug)
        ARTICLES[article.slug] = article


def articles_by_topic() -> list[tuple[Topic, list[Article]]]:
    """Return all articles under their topics, both in their order."""
    topics = sorted({article.topic for article in ARTICLES.values()}, key=attrgetter("place"))
    return [(topic, [article for article in ARTICLES.values() if article.topic == topic]) for topic in topics]


def articles_about(query: str) -> list[Article]:
    """Return the articles that answer what somebody typed, the most fitting first."""
    articles = list(ARTICLES.values())
    return [articles[place] for place in search(query, [article.searched for article in articles])]
