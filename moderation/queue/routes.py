"""Routes of the queue: its pages, decisions on several cases, kept filters; the same for programs."""

from starlette.routing import Route

from moderation.api.docs import CASES
from moderation.guard import at_the_desk
from moderation.queue import api, bulk_views, views
from moderation.queue.docs import BULK, COUNTS, DOCS, FILTER, FILTERS

__all__ = ["API", "DOCS", "PAGES"]

PAGES = [
    Route("/moderation", at_the_desk(views.queue_page), methods=["GET"]),
    Route("/moderation/bulk", at_the_desk(bulk_views.start), methods=["GET"]),
    Route("/moderation/bulk", at_the_desk(bulk_views.bulk), methods=["POST"]),
    Route("/moderation/filters", at_the_desk(views.keep_filter), methods=["POST"]),
    Route("/moderation/filters/{id}/delete", at_the_desk(views.forget_filter), methods=["POST"]),
]

API = [
    Route(CASES, at_the_desk(api.listed), methods=["GET"]),
    Route(COUNTS, at_the_desk(api.counts), methods=["GET"]),
    Route(FILTERS, at_the_desk(api.filters), methods=["GET"]),
    Route(FILTERS, at_the_desk(api.keep_filter), methods=["POST"]),
    Route(FILTER, at_the_desk(api.forget_filter), methods=["DELETE"]),
    Route(BULK, at_the_desk(api.bulk), methods=["POST"]),
]
