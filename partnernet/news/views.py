"""News: the pages of every kind."""

from partnernet.entries.page import Beside
from partnernet.entries.views import pages
from partnernet.news.form import NewsForm
from partnernet.news.model import NEWS

bp = pages(NEWS, NewsForm, Beside(line="news/_beside.html"))
