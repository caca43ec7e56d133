"""Calls as clients make them, right and wrong: what a reader by itself has to say about each."""

from tests.support.harness.client_builders import JS_DOOR, VISITORS, a_record, an_update

JSON = {"content-type": "application/json"}
ACCOUNT = "/api/account/56072331"


def a_body(**members):
    return a_record(body={"appType": "EXTERNAL", **members})


def an_attribute(**members):
    return a_body(engagementAttributes=[members])


def asked(path, **query):
    """Return the record of a call to the Domain API, answered with what it should be."""
    return a_record(method="GET", path=path, query=list(query.items()), headers={}, body="", said=[])


def declared(media_type):
    return a_record(headers={"content-type": media_type})


#: Calls that keep the contract, in every spelling that it allows.
RIGHT = {
    "a first request": a_record(),
    "a first request without the slash": a_record(path=VISITORS.rstrip("/")),
    "a second request": a_record(vid="xyz", sid="abc"),
    "no options at the JS door": a_record(path=JS_DOOR, query=[], headers={}, body=""),
    "ids at the JS door": a_record(path=JS_DOOR, query=[], body={"vid": "xyz", "sid": "abc"}),
    "an update": an_update(0),
    "an update as a tunnelled POST": an_update(
        0, sent_method="POST", method="PUT", headers={**JSON, "x-http-method-override": "PUT"}
    ),
    "all domains": asked(f"{ACCOUNT}/service/baseURI.json", version="1.0"),
    "a domain by another spelling": asked("/csdr/account/56072331/service/msdkgw/baseURI", version="1.0"),
    "a domain as a script": asked("/csdr/account/1/service/msdkgw/baseURI.lpCsds", version="1.0", cb="a.b"),
    "another form of the version": a_record(query=[["v", "1"]]),
    "a parameter that is not listed": a_record(query=[["v", "1.0"], ["colour", "red"]]),
    "capitals in the media type": declared("Application/JSON; Charset=UTF-8"),
    "a parameter of the media type": declared(" application/json ; profile=x"),
    "a member that is not listed": a_body(colour=["red"]),
    "an address of version 6": a_body(appDetails={"ipAddress": "::1"}),
    "a whole number with a point": an_attribute(type="service", service={"status": 1.0}),
}

#: Calls that break the contract, with the places where they do.
BROKEN = {
    "a path that there is not": (a_record(path="/api/account/1/engagement"), {"path"}),
    "a singular path": (a_record(path=f"{ACCOUNT}/app/engagement/visitor/xyz"), {"path"}),
    "a path in capitals": (a_record(path=VISITORS.upper()), {"path"}),
    "a doubled slash": (a_record(path=f"/{VISITORS}"), {"path"}),
    "a dot segment": (a_record(path=f"/.{VISITORS}"), {"path"}),
    "a slash at the end": (a_record(path=f"{JS_DOOR}/"), {"path"}),
    "another method": (a_record(method="GET"), {"path"}),
    "a method that asks for the head": (a_record(method="HEAD", path=f"{ACCOUNT}/service/baseURI.json"), {"path"}),
    "an update of nobody": (a_record(method="PUT"), {"path"}),
    "an account with a dash": (a_record(path="/api/account/a-b/app/engagement/visitors/"), {"path.accountId"}),
    "a visitor id with a blank": (a_record(vid="a b"), {"path.visitorId"}),
    "a visitor id with a line feed": (a_record(vid="a\n"), {"path.visitorId"}),
    "a service in capitals": (asked(f"{ACCOUNT}/service/SMT/baseURI.json", version="1.0"), {"path.serviceName"}),
    "no version": (a_record(query=[]), {"query.v"}),
    "another version": (a_record(query=[["v", "2.0"]]), {"query.v"}),
    "an empty version": (a_record(query=[["v", ""]]), {"query.v"}),
    "the version twice": (a_record(query=[["v", "1.0"], ["v", "1.0"]]), {"query.v"}),
    "a session id that is too long": (a_record(vid="xyz", sid="a" * 129), {"query.sid"}),
    "an update without a session": (an_update(0, query=[["v", "1.0"]]), {"query.sid"}),
    "a script without a callback": (asked("/csdr/account/1/service/baseURI.lpCsds", version="1.0"), {"query.cb"}),
    "a callback that is code": (
        asked("/csdr/account/1/service/baseURI.lpCsds", version="1.0", cb="alert(1)"),
        {"query.cb"},
    ),
    "no media type": (a_record(headers={}), {"header.content-type"}),
    "another media type": (declared("text/plain"), {"header.content-type"}),
    "a media type for anything": (declared("*/*"), {"header.content-type"}),
    "two media types": (declared("application/json, application/json"), {"header.content-type"}),
    "half a media type": (declared("json"), {"header.content-type"}),
    "no body": (a_record(body=""), {"body"}),
    "a body that is no JSON": (a_record(body="appType=EXTERNAL"), {"body"}),
    "a body and something after it": (a_record(body='{"appType": "EXTERNAL"} {}'), {"body"}),
    "a byte order mark": (a_record(body='\ufeff{"appType": "EXTERNAL"}'), {"body"}),
    "half a character": (a_record(body='{"appType": "EXTERNAL", "x": "\\ud800"}'), {"body"}),
    "no number of JSON": (a_record(body='{"appType": "EXTERNAL", "x": NaN}'), {"body"}),
    "a number that no double holds": (a_record(body='{"appType": "EXTERNAL", "x": 1e400}'), {"body"}),
    "a list for an object": (a_record(body="[]"), {"body"}),
    "a member that is missing": (a_record(body={}), {"body"}),
    "a page that is missing": (an_update(0, body={}), {"body"}),
    "another word of an enumeration": (a_record(body={"appType": "WEB"}), {"body.appType"}),
    "small letters": (a_record(body={"appType": "external"}), {"body.appType"}),
    "a number for a text": (a_record(path=JS_DOOR, query=[], body={"vid": 1}), {"body.vid"}),
    "a text for a list": (a_body(consumerSections="Support"), {"body.consumerSections"}),
    "a good item beside a bad one": (a_body(consumerSections=["Support", 1]), {"body.consumerSections"}),
    "an address that is none": (a_body(appDetails={"ipAddress": "01.2.3.4"}), {"body.appDetails"}),
    "two members at once": (
        a_body(appDetails={"os": "AMIGA"}, consumerSections=1),
        {"body.appDetails", "body.consumerSections"},
    ),
    "an attribute without a type": (an_attribute(), {"body.engagementAttributes"}),
    "an attribute of no known type": (an_attribute(type="nothing"), {"body.engagementAttributes"}),
    "an impression among attributes": (an_attribute(type="impDisplay"), {"body.engagementAttributes"}),
    "a text for a number": (
        an_attribute(type="personal", personal={"age": {"age": "30"}}),
        {"body.engagementAttributes"},
    ),
    "a truth for a number": (an_attribute(type="service", service={"status": True}), {"body.engagementAttributes"}),
    "an impression without its campaign as a number": (
        an_update(0, body={"pageId": "1", "impAttributes": [{"type": "impDisplay", "campaign": "1"}]}),
        {"body.impAttributes"},
    ),
}

#: Calls that break a rule which OpenAPI has no words for: only our reader knows it.
BEYOND = {
    "a charset": declared("application/json; charset=latin-1"),
    "a coding": a_record(headers={**JSON, "content-encoding": "gzip"}),
    "a member twice": a_record(body='{"appType": "EXTERNAL", "appType": "WEB"}'),
    "a body without end": a_record(body='{"appType": "EXTERNAL", "x": ' + "[" * 1100 + "]" * 1100 + "}"),
    "a method that stands for none": a_record(vid="xyz", headers={**JSON, "x-http-method-override": "DELETE"}),
}
