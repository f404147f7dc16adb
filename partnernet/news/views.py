"""News: the pages of every kind, with how a story begins."""

from partnernet.entries.page import Beside
from partnernet.entries.views import pages
from partnernet.news.form import NewsForm
from partnernet.news.model import NEWS
from partnernet.news.opening import context

bp = pages(NEWS, NewsForm, Beside(line="news/_beside.html", context=context))
