import openapi_generator_openapi as generated
from asking import ACCOUNT, play


def outcome(base, call):
    with generated.ApiClient(generated.Configuration(host=base)) as client:
        try:
            answer = call(generated.EngagementApi(client))
        except generated.ApiException as refusal:
            return {"status": refusal.status, "error": refusal.data.to_dict()}
    reply = answer.data and answer.data.to_dict()
    return {"status": answer.status_code, "reply": reply}


def get_engagement(base, call):
    request = generated.GetEngagementRequest.from_dict(call)
    return outcome(base, lambda api: api.get_engagement_with_http_info(ACCOUNT, request))


def create_first_session(base):
    request = generated.CreateSessionRequest(app_type="MSDK")
    return outcome(base, lambda api: api.create_first_session_with_http_info("1.0", ACCOUNT, request))


def update_session(base, visit):
    request = generated.UpdateSessionRequest(page_id=visit["pageId"])
    ids = {"visitor_id": visit["visitorId"], "sid": visit["sessionId"]}
    return outcome(
        base,
        lambda api: api.update_session_with_http_info(
            v="1.0", account_id=ACCOUNT, update_session_request=request, **ids
        ),
    )


play(get_engagement, create_first_session, update_session)
