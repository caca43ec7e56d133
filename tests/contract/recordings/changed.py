"""Recordings with something changed in them: each stands for a client, a server or a tool of another kind.

`chromium.har` is made anew by the commands in `chromium.py`; `mitmproxy.har` by these, with mitmproxy in an environment
of its own, and Ctrl-C after the client:

    mockserver serve --port 8080 --scenario tests/contract/recordings/loading.yaml
    mitmdump --mode reverse:http://127.0.0.1:8080 --listen-port 8081 --set hardump=mitmproxy.har
    export ENGAGEMENT_URL=http://127.0.0.1:8081 ENGAGEMENT_ACCOUNT=56072331
    python contracts/clients/python_requests/client.py
"""

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent


class Recording:
    """A recorded HAR whose entries can be changed before it is judged; they are counted from 1, calls only."""

    def __init__(self, tool="mitmproxy"):
        self.data = json.loads((HERE / f"{tool}.har").read_text(encoding="utf-8"))

    @property
    def entries(self):
        return self.data["log"]["entries"]

    def call(self, number):
        """Return the recorded call of that number, without the browser's own."""
        calls = [entry for entry in self.entries if "/api/" in entry["request"]["url"]]
        return [entry for entry in calls if entry["request"]["method"] != "OPTIONS"][number - 1]

    def says(self, number, body):
        """Let a call have another *body*."""
        text = body if isinstance(body, str) else json.dumps(body)
        request = self.call(number)["request"]
        request["postData"]["text"] = text
        request["bodySize"] = len(text)
        self.declares(request, "Content-Length", str(len(text)))

    def adds(self, number, **members):
        """Let the body of a call have these members as well; one that is None goes."""
        body = json.loads(self.call(number)["request"]["postData"]["text"]) | members
        self.says(number, {name: value for name, value in body.items() if value is not None})

    def asks(self, number, old, new):
        """Let the URL of a call read otherwise."""
        request = self.call(number)["request"]
        assert old in request["url"]
        request["url"] = request["url"].replace(old, new)

    def answers(self, number, body, status=200, **headers):
        """Let a call be answered otherwise."""
        text = body if isinstance(body, str) else json.dumps(body)
        response = self.call(number)["response"]
        response |= {"status": status, "bodySize": len(text)}
        response["content"] |= {"size": len(text), "text": text}
        self.declares(response, "Content-Length", str(len(text)))
        for name, value in headers.items():
            self.declares(response, name.replace("_", "-"), value)

    def reply_of(self, number):
        """Return the body of a reply."""
        return json.loads(self.call(number)["response"]["content"]["text"])

    def declares(self, side, name, value):
        """Set one header of a call or of a reply."""
        others = [one for one in side["headers"] if one["name"].lower() != name.lower()]
        side["headers"] = [*others, {"name": name, "value": value}]

    def forgets_its_ids(self):
        """Let call 3 carry no ids, and no cookie either."""
        ids = self.reply_of(2)
        self.asks(3, ids["visitorId"], "")
        self.asks(3, f"&sid={ids['sessionId']}", "")
        self.declares(self.call(3)["request"], "Cookie", "theme=dark")

    def later(self, number, seconds):
        """Let a call and all that follow begin later, or earlier."""
        for entry in self.entries[self.entries.index(self.call(number)) :]:
            began = datetime.fromisoformat(entry["startedDateTime"]) + timedelta(seconds=seconds)
            entry["startedDateTime"] = began.isoformat()

    def repeated(self, seconds=60):
        """Let the same client make another visit later, with other ids."""
        other = Recording()
        text = json.dumps(other.data)
        for name in ("visitorId", "sessionId"):
            text = text.replace(self.reply_of(2)[name], self.reply_of(2)[name][::-1].replace("-", "_"))
        other.data = json.loads(text)
        other.later(1, seconds)
        self.entries.extend(other.entries)

    def goes_on(self, seconds=60):
        """Let something else be recorded so much later."""
        last = json.loads(json.dumps(self.entries[-1]))
        last["request"]["url"] = "https://elsewhere.example/"
        began = datetime.fromisoformat(last["startedDateTime"]) + timedelta(seconds=seconds)
        self.entries.append(last | {"startedDateTime": began.isoformat()})

    def in_base64(self):
        """Let the tool keep bodies of replies in base64."""
        for entry in self.entries:
            content = entry["response"]["content"]
            if "text" in content:
                content["text"] = base64.b64encode(content["text"].encode()).decode()
                content["encoding"] = "base64"

    def over_http2(self):
        """Let it be HTTP/2: header names in small letters, and a few of its own."""
        for entry in self.entries:
            for side, own in (("request", ":path"), ("response", ":status")):
                headers = [{**one, "name": one["name"].lower()} for one in entry[side]["headers"]]
                entry[side]["headers"] = [{"name": own, "value": "x"}, *headers]

    def written(self, folder):
        """Write it into *folder* and return the file."""
        path = folder / "recorded.har"
        path.write_text(json.dumps(self.data), encoding="utf-8")
        return path
