"""All pages of discussions; paths are without the language. Literal paths go before those with parameters in each list."""

from forum.discussions.space_routes import SPACE_PAGES
from forum.discussions.views.thread_routes import THREAD_PAGES

PAGES = [*SPACE_PAGES, *THREAD_PAGES]
