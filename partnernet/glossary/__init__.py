"""The glossary: what words mean here, and which others mean the same."""

from partnernet.glossary.views import bp
from partnernet.web.feature import Feature

GLOSSARY = Feature("glossary", bp)
