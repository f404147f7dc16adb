"""Home: what needs each person, and what is new."""

from partnernet.home.needs import NEEDS
from partnernet.home.views import bp
from partnernet.web.feature import Feature

HOME = Feature("home", bp, consumers=(NEEDS,))
