from asking import ACCOUNT, play
from python_client_openapi import Client
from python_client_openapi.api.engagement import create_first_session as creating
from python_client_openapi.api.engagement import get_engagement as getting
from python_client_openapi.api.engagement import update_session as updating
from python_client_openapi.models import CreateSessionRequest, GetEngagementRequest, UpdateSessionRequest
from python_client_openapi.models.create_session_request_app_type import CreateSessionRequestAppType
from python_client_openapi.models.error import Error


def outcome(answer):
    read = answer.parsed
    if isinstance(read, Error):
        return {"status": answer.status_code, "error": read.to_dict()}
    return {"status": answer.status_code, "reply": read and read.to_dict()}


def get_engagement(base, call):
    body = GetEngagementRequest.from_dict(call)
    return outcome(getting.sync_detailed(ACCOUNT, client=Client(base_url=base), body=body))


def create_first_session(base):
    body = CreateSessionRequest(app_type=CreateSessionRequestAppType.MSDK)
    return outcome(creating.sync_detailed(ACCOUNT, client=Client(base_url=base), body=body, v="1.0"))


def update_session(base, visit):
    body = UpdateSessionRequest(page_id=visit["pageId"])
    client = Client(base_url=base)
    return outcome(
        updating.sync_detailed(ACCOUNT, visit["visitorId"], client=client, body=body, v="1.0", sid=visit["sessionId"])
    )


play(get_engagement, create_first_session, update_session)
