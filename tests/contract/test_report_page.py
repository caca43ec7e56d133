"""The report for browsers, in a real one: nothing runs out of the page, at any width, in light and in dark."""

import json
import re
import subprocess
from html import unescape

import pytest

from contracts.judging.circumstances import Circumstances
from contracts.judging.findings import Finding, Result, Verdict
from contracts.report import FORMATS
from tests.support.harness.contract import CONTRACT
from tests.support.programs import needs_program

CLAUSE = CONTRACT.clauses["CL-RETRY-5XX"]
LONG = "x" * 400
FOUND = Finding("CL-RETRY-5XX", f"first-503: {LONG}", CLAUSE.rule, LONG, "wait", f"curl -d '{LONG}'", CLAUSE, "/x", 12)
RESULTS = (
    Result("kept", "clients", tuple(CONTRACT.clauses), timeline=(f"0.00 s {LONG}",)),
    Result("first-503", "clients", ("CL-RETRY-5XX",), (FOUND, FOUND), notes=(LONG,), timeline=(f"0.00 s {LONG}",)),
    Result(LONG, "clients", not_examined=LONG),
)
VERDICT = Verdict(
    f"client {LONG}",
    "openapi.yaml",
    CONTRACT.clauses,
    RESULTS,
    trouble=LONG,
    doubts=(FOUND,),
    not_judged={LONG: LONG},
    circumstances=Circumstances(options={"command": LONG}),
)

#: Shows the page at each width, and writes down what was measured.
FRAMES = """<!doctype html><body><pre></pre><script>
const page = %s, seen = {};
const widths = [360, 768, 1280];
addEventListener("load", () => widths.forEach((width) => {
  const frame = document.createElement("iframe");
  frame.style = `width: ${width}px; height: 800px; border: 0`;
  frame.onload = () => {
    const there = frame.contentDocument, colours = frame.contentWindow.getComputedStyle(there.body);
    const links = [...there.links].filter((link) => !there.querySelector(link.hash));
    there.querySelector("thead button").click();
    const select = there.querySelector("select");
    select.value = "kept";
    select.dispatchEvent(new Event("input", {bubbles: true}));
    seen[width] = {
      inner: frame.contentWindow.innerWidth, scroll: there.documentElement.scrollWidth, dead: links.length,
      shown: there.querySelector("output").value, sorted: there.querySelector("th[aria-sort]").textContent,
      paper: colours.backgroundColor,
    };
    document.querySelector("pre").textContent = JSON.stringify(seen);
  };
  frame.srcdoc = page;
  document.body.append(frame);
}));
</script>"""


@pytest.mark.parametrize(
    ("scheme", "paper"), [("0", "rgb(22, 22, 22)"), ("1", "rgb(255, 255, 255)")], ids=["dark", "light"]
)
def test_nothing_runs_out_of_the_page_and_rows_are_chosen_and_sorted(scheme, paper, tmp_path):
    chromium = needs_program("chromium", debian_package="chromium")
    frames = tmp_path / "frames.html"
    page = json.dumps(FORMATS["html"](VERDICT)).replace("</", "<\\/")
    frames.write_text(FRAMES % page, encoding="utf-8")
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
    flags += [f"--user-data-dir={tmp_path / 'profile'}", f"--blink-settings=preferredColorScheme={scheme}"]
    dom = subprocess.run(
        [chromium, *flags, "--virtual-time-budget=10000", "--dump-dom", frames.as_uri()],
        capture_output=True, text=True, check=True, timeout=120,
    ).stdout  # fmt: skip

    seen = json.loads(unescape(re.search(r"<pre>(.*?)</pre>", dom, re.DOTALL)[1]))

    assert seen.keys() == {"360", "768", "1280"}
    for width, at in seen.items():
        assert at["inner"] == int(width)
        assert at["scroll"] <= at["inner"], f"at {width} pixels"
        assert (at["dead"], at["shown"], at["sorted"], at["paper"]) == (0, "1 of 3 shown", "verdict", paper)
