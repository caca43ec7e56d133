"""What users expect of a server and no clause says: it is named in every report, because it was not looked at."""

from __future__ import annotations

from typing import Final

#: What is not judged, and why not.
NOT_JUDGED: Final = {
    "CORS headers": "no source says them for this API; the mock allows every origin, so that pages can be tested",
    "Retry-After": "no source says whether a server sends it; a client may wait as it says",
    "caching headers": "no source says them for this API",
    "limits of the rate, 429": "no source says when they begin; what a client does then is clause CL-RETRY-429",
    "changing pageId": "no source says how long a page lasts; the mock sends a new one with each reply",
}
