"""There are models only: what is sent and what comes back is read by them."""

import httpx
import models_openapi as models
from asking import ACCOUNT, play


def sent(method, url, body, reader):
    text = body.model_dump_json(exclude_none=True, by_alias=True)
    answer = httpx.request(method, url, content=text, headers={"Content-Type": "application/json"})
    if answer.status_code != httpx.codes.OK:
        error = models.Error.model_validate_json(answer.content)
        return {"status": answer.status_code, "error": error.model_dump(mode="json", exclude_none=True)}
    reply = reader and reader.model_validate_json(answer.content).model_dump(mode="json", exclude_none=True)
    return {"status": answer.status_code, "reply": reply}


def get_engagement(base, call):
    body = models.GetEngagementRequest.model_validate(call)
    return sent("POST", f"{base}/api/account/{ACCOUNT}/getEngagement", body, models.EngagementReply)


def create_first_session(base):
    body = models.CreateSessionRequest(appType="MSDK")
    url = f"{base}/api/account/{ACCOUNT}/app/engagement/visitors/?v=1.0"
    return sent("POST", url, body, models.EngagementReply)


def update_session(base, visit):
    body = models.UpdateSessionRequest(pageId=visit["pageId"])
    path = f"/api/account/{ACCOUNT}/app/engagement/visitors/{visit['visitorId']}?v=1.0&sid={visit['sessionId']}"
    return sent("PUT", base + path, body, None)


play(get_engagement, create_first_session, update_session)
