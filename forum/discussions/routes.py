"""All pages of discussions; paths are without the language. Literal paths go before those with parameters in each list."""

from forum.discussions.space_routes import SPACE_PAGES
from forum.discussions.views.thread_routes import THREAD_PAGES

# What is read most comes first: routes are tried in order.
PAGES = [*THREAD_PAGES, *SPACE_PAGES]
