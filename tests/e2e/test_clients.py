"""HTTP clients of every kind get the documented answer to the documented call."""

import asyncio
import json
import subprocess

import aiohttp
import httpx
import pytest
import requests

from tests.support.calling.wire import Wire, request
from tests.support.documented import ACCOUNT, DETAILS, DOCUMENTED_CALL
from tests.support.programs import needs_program
from tests.support.serving.running import running

PATH = f"/api/account/{ACCOUNT}/getEngagement"
PAGE = "http://shop.example:3000"
FETCH = """
const [url, body] = process.argv.slice(1);
const response = await fetch(url, {method: 'POST', headers: {'Content-Type': 'application/json'}, body});
console.log(JSON.stringify({status: response.status, body: await response.json()}));
"""


@pytest.fixture
def url(served, space):
    return f"{served.url}/__space/{space}{PATH}"


def by_requests(url):
    with requests.Session() as session:
        answer = session.post(url, json=DOCUMENTED_CALL)
    return answer.status_code, answer.json()


def by_httpx(url):
    with httpx.Client() as client:
        answer = client.post(url, json=DOCUMENTED_CALL)
    return answer.status_code, answer.json()


def by_aiohttp(url):
    async def post():
        async with aiohttp.ClientSession() as session, session.post(url, json=DOCUMENTED_CALL) as answer:
            return answer.status, await answer.json()

    return asyncio.run(post())


def by_node(url):
    node = needs_program("node", debian_package="nodejs")
    arguments = ["--input-type=module", "--eval", FETCH, "--", url, json.dumps(DOCUMENTED_CALL)]
    answer = json.loads(subprocess.run([node, *arguments], check=True, capture_output=True, text=True).stdout)
    return answer["status"], answer["body"]


def by_curl(url):
    curl = needs_program("curl", debian_package="curl")
    arguments = ["--silent", "--json", json.dumps(DOCUMENTED_CALL), "--write-out", "\n%{http_code}", url]
    told = subprocess.run([curl, *arguments], check=True, capture_output=True, text=True).stdout
    body, _, status = told.rpartition("\n")
    return int(status), json.loads(body)


@pytest.mark.parametrize("post", [by_requests, by_httpx, by_aiohttp, by_node, by_curl])
def test_the_documented_call_gets_the_documented_details(url, post):
    status, reply = post(url)

    assert (status, reply["engagementDetails"], reply["visitorId"]) == (200, DETAILS, "123")


@pytest.mark.parametrize("client", [requests.Session, httpx.Client])
def test_a_client_that_keeps_cookies_is_recognised_and_must_name_its_ids(url, client):
    with client() as session:
        first = session.post(url, json={}).json()
        without = session.post(url, json={})
        with_ids = session.post(url, json={"vid": first["visitorId"], "sid": first["sessionId"]})

    assert (without.status_code, without.json()["internalCode"]) == (401, 10)
    assert without.headers["Mock-Clause"] == "GE-401-VID, GE-401-SID"
    assert (with_ids.status_code, with_ids.json()["sessionId"]) == (200, first["sessionId"])


def test_the_cookie_of_one_space_is_not_sent_to_another(served, space):
    urls = [f"{served.url}/__space/{space}-{name}{PATH}" for name in "ab"]
    with requests.Session() as session:
        statuses = [session.post(url, json={}).status_code for url in urls]

    assert statuses == [200, 200]


def test_a_page_of_another_origin_may_call_with_json_and_cookies(served):
    with Wire(served.url) as browser:
        browser.send(
            request(
                "OPTIONS", PATH, None, Origin=PAGE, Access_Control_Request_Method="POST",
                Access_Control_Request_Headers="content-type",
            )
        )  # fmt: skip
        preflight = browser.reply()
        browser.send(request("POST", PATH, b"{}", Origin=PAGE))
        answer = browser.reply()

    assert preflight.status == 200
    assert "content-type" in preflight.headers["access-control-allow-headers"].lower()
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert answer.status == 200
    for reply in (preflight, answer):
        assert reply.headers["access-control-allow-origin"] == PAGE
        assert reply.headers["access-control-allow-credentials"] == "true"
        assert reply.headers["vary"] == "Origin"


def test_a_page_of_another_origin_may_not_steer(served):
    with Wire(served.url) as browser:
        browser.send(request("GET", "/__admin/spaces", None, Origin=PAGE))
        answer = browser.reply()

    assert answer.status == 403
    assert "access-control-allow-origin" not in answer.headers


def test_without_cors_no_origin_is_echoed():
    with running("--cors", "off") as served, Wire(served.url) as browser:
        browser.send(request("POST", PATH, b"{}", Origin=PAGE))
        answer = browser.reply()

    assert answer.status == 200
    assert "access-control-allow-origin" not in answer.headers
