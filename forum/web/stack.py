"""The layers around the routes, in their order.

    static files → page cache → headers → compression → [Starlette: errors → language → identity → origin → routes]

The page cache keeps finished answers, so what adds headers is inside it. Errors are outside of what may refuse.
"""

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from forum.web.assets import Assets
from forum.web.compress import CompressMiddleware
from forum.web.csrf import CsrfMiddleware
from forum.web.errors import ErrorsMiddleware
from forum.web.generations import Generations
from forum.web.headers import HeadersMiddleware
from forum.web.identity import IdentityMiddleware, Resolve
from forum.web.language import LanguageMiddleware
from forum.web.pagecache import PageCache
from forum.web.site import Site


def middleware(site: Site, resolve: Resolve) -> list[Middleware]:
    """Return the layers inside: `Starlette(middleware=middleware(site, resolve), exception_handlers=HANDLERS)`."""
    hosts = [Middleware(TrustedHostMiddleware, allowed_hosts=list(site.hosts), www_redirect=False)] if site.hosts else []
    return [
        Middleware(ErrorsMiddleware),
        *hosts,
        Middleware(LanguageMiddleware),
        Middleware(IdentityMiddleware, resolve=resolve, secure=site.secure),
        Middleware(CsrfMiddleware, base_url=site.base_url),
    ]


def around(app: ASGIApp, site: Site, assets: Assets, generations: Generations) -> ASGIApp:
    """Return `app` with the layers outside; this is what the server runs."""
    dressed = HeadersMiddleware(CompressMiddleware(app), site.secure)
    return assets.around(PageCache(dressed, generations))


def for_sockets(router: ASGIApp, site: Site, resolve: Resolve) -> ASGIApp:
    """Return the few layers that a websocket needs: each one is a frame that stays in memory for as long as a reader follows."""
    identified = IdentityMiddleware(router, resolve=resolve, secure=site.secure)
    return HeadersMiddleware(ErrorsMiddleware(LanguageMiddleware(identified)), site.secure)
