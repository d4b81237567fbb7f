"""Pages of threads and comments. They stand below the language; the first lines of each view load through the actor."""

from starlette.routing import Route

from forum.discussions.views import changing, comments, drafting, flagging, thread, writing

THREAD_PAGES = [
    Route("/spaces/{slug}/questions/{n}", thread.thread, methods=["GET"]),
    Route("/spaces/{slug}/questions/{n}", writing.send, methods=["POST"]),
    Route("/spaces/{slug}/comments/{id}", comments.permalink, methods=["GET"]),
    Route("/spaces/{slug}/comments/{id}/edit", changing.edit_form, methods=["GET"]),
    Route("/spaces/{slug}/comments/{id}/edit", changing.edit, methods=["POST"]),
    Route("/spaces/{slug}/comments/{id}/withdraw", changing.withdraw_form, methods=["GET"]),
    Route("/spaces/{slug}/comments/{id}/withdraw", changing.withdraw, methods=["POST"]),
    Route("/spaces/{slug}/comments/{id}/report", flagging.report_form, methods=["GET"]),
    Route("/spaces/{slug}/comments/{id}/report", flagging.report, methods=["POST"]),
    Route("/drafts", drafting.keep, methods=["POST"]),
    Route("/preview", drafting.preview, methods=["POST"]),
]
