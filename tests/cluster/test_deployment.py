"""The files to deploy with say nothing that the server does not know, as far as that shows without an engine."""

import re
import subprocess
from urllib.parse import urlsplit

import pytest
import redis
import yaml
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from mockserver.settings import FIELDS, Settings, flag, variable
from mockserver.settings_loading import load
from mockserver.web.admin.routes import ADMIN, ROUTES
from tests.support.programs import free_port, needs_program
from tests.support.serving.running import CHECKOUT, running

COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
EXAMPLE = CHECKOUT / "docs/examples/docker-compose.client.yml"
NGINX = (CHECKOUT / "deploy/nginx.conf").read_text()
KUBERNETES = [
    document
    for file in sorted((CHECKOUT / "deploy/kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(file.read_text())
]
DEPLOYMENTS = {found["metadata"]["name"]: found for found in KUBERNETES if found["kind"] == "Deployment"}
SERVICES = {found["metadata"]["name"]: found for found in KUBERNETES if found["kind"] == "Service"}
MOCK = COMPOSE["services"]["mock"]


def container(name):
    [only] = DEPLOYMENTS[name]["spec"]["template"]["spec"]["containers"]
    return only


def settings_of(command):
    """Read a command line as the server would; an unknown flag raises."""
    assert command[0] == "serve"
    by_flag = {flag(name): name for name in FIELDS}
    return load({by_flag[given]: value for given, value in zip(command[1::2], command[2::2], strict=True)}, {})


STARTS = pytest.mark.parametrize(
    ("command", "environment", "redis_host"),
    [
        pytest.param(MOCK["command"], set(MOCK["environment"]), "redis", id="compose"),
        pytest.param(
            container("mockserver")["args"],
            {given["name"] for given in container("mockserver")["env"]},
            "mockserver-redis",
            id="kubernetes",
        ),
    ],
)


@STARTS
def test_a_deployed_server_starts_with_settings_that_exist(command, environment, redis_host):
    settings = settings_of(command)

    assert not settings.loopback, "others must reach it"
    assert urlsplit(settings.store)[:2] == ("redis", f"{redis_host}:6379")
    assert environment == {variable("admin_token_file")}, "the servers must agree on it, and nobody else see it"


def test_the_token_is_mounted_where_the_servers_look_for_it():
    pod = DEPLOYMENTS["mockserver"]["spec"]["template"]["spec"]
    [secret] = (volume for volume in pod["volumes"] if "secret" in volume)
    [mount] = (m for m in container("mockserver")["volumeMounts"] if m["name"] == secret["name"])
    [given] = container("mockserver")["env"]
    [name] = MOCK["secrets"]

    assert given["value"] == f"{mount['mountPath']}/admin-token"
    assert MOCK["environment"][variable("admin_token_file")] == f"/run/secrets/{name}"
    assert name in COMPOSE["secrets"]
    assert f"/{name}" in (CHECKOUT / ".gitignore").read_text().split(), "what lies there is nobody's business"


def test_what_kubernetes_tells_the_pods_of_these_services_stops_no_server():
    links = {}
    for name, service in SERVICES.items():
        prefix, [port] = name.upper().replace("-", "_"), service["spec"]["ports"]
        links[f"{prefix}_SERVICE_HOST"] = "10.0.0.11"
        links[f"{prefix}_PORT"] = f"tcp://10.0.0.11:{port['port']}"

    with running(env=links) as served:
        said = served.log()

    assert "MOCKSERVER_PORT" in links
    assert [name for name in links if name not in said] == []


@pytest.mark.parametrize("command", [MOCK["command"], container("mockserver")["args"]], ids=["compose", "kubernetes"])
def test_the_ports_agree(command):
    port = settings_of(command).port

    assert f"server mock:{port};" in NGINX
    assert port == Settings().port == container("mockserver")["ports"][0]["containerPort"]
    assert COMPOSE["services"]["balancer"]["ports"] == ["127.0.0.1:8080:8080"]
    assert "listen 8080 " in NGINX


def test_what_compose_depends_on_is_there_and_says_when_it_is_healthy():
    for service in COMPOSE["services"].values():
        for name, wanted in service.get("depends_on", {}).items():
            depended = COMPOSE["services"][name]

            assert wanted["condition"] == "service_healthy"
            assert "healthcheck" in depended or "build" in depended, "our image brings a check of its own"


def test_probes_ask_paths_that_are_there_and_need_no_token():
    paths = {f"{ADMIN}{route.path}": route.operation for route in ROUTES if route.method == "GET"}
    probes = [probe for name, probe in container("mockserver").items() if name.endswith("Probe")]

    asked = [probe["httpGet"] for probe in probes if "httpGet" in probe]

    assert len(probes) == 3
    assert {paths[probe["path"]] for probe in asked} == {"health"}
    assert {probe["port"] for probe in asked} == {container("mockserver")["ports"][0]["name"]}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_finds_the_pods_of_its_deployment(name):
    service, deployment = SERVICES[name]["spec"], DEPLOYMENTS[name]["spec"]
    [port] = service["ports"]

    assert service["selector"] == deployment["selector"]["matchLabels"] == deployment["template"]["metadata"]["labels"]
    assert port["targetPort"] in {given["name"] for given in container(name)["ports"]}


def test_the_redis_that_the_servers_ask_for_is_the_one_that_is_deployed():
    store = urlsplit(settings_of(container("mockserver")["args"]).store)

    assert SERVICES[store.hostname]["spec"]["ports"][0]["port"] == store.port


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_every_pod_runs_without_rights_on_a_read_only_file_system(name):
    pod = DEPLOYMENTS[name]["spec"]["template"]["spec"]

    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not pod["automountServiceAccountToken"]
    assert not pod["enableServiceLinks"], "they would stand among our variables"
    assert container(name)["resources"]["limits"]["memory"]
    assert container(name)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


@pytest.mark.parametrize(
    "service",
    [
        pytest.param(service, id=f"{file.name}: {name}")
        for file in (CHECKOUT / "docker-compose.yml", CHECKOUT / "docker-compose.single.yml", EXAMPLE)
        for name, service in yaml.safe_load(file.read_text())["services"].items()
        if not (file == EXAMPLE and name == "client")  # which is somebody else's
    ],
)
def test_every_service_runs_without_rights_on_a_read_only_file_system_in_bounded_memory(service):
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].split(":")[0] not in ("", "0", "root")
    assert service["mem_limit"]
    assert service["pids_limit"]


def test_every_image_from_elsewhere_is_named_by_its_tag_and_its_digest():
    images = [service["image"] for service in COMPOSE["services"].values()]
    images += [container(name)["image"] for name in DEPLOYMENTS]
    foreign = {image for image in images if not image.startswith("mockserver")}

    assert len(foreign) == 2, "compose and Kubernetes agree"
    assert [image for image in foreign if not re.fullmatch(r"[a-z]+:[0-9.]+-alpine@sha256:[0-9a-f]{64}", image)] == []


def test_only_the_mock_servers_reach_a_redis_that_asks_for_no_password():
    [policy] = (found["spec"] for found in KUBERNETES if found["kind"] == "NetworkPolicy")
    [allowed] = policy["ingress"]
    neighbours = {name for name, service in COMPOSE["services"].items() if "store" in service["networks"]}

    assert policy["podSelector"] == DEPLOYMENTS["mockserver-redis"]["spec"]["selector"]
    assert allowed["from"] == [{"podSelector": DEPLOYMENTS["mockserver"]["spec"]["selector"]}]
    assert (policy["policyTypes"], policy["egress"]) == (["Ingress", "Egress"], [])
    assert neighbours == {"mock", "redis"}
    assert COMPOSE["networks"]["store"]["internal"]
    assert "ports" not in COMPOSE["services"]["redis"]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(COMPOSE["services"]["redis"]["command"][1:], id="compose"),
        pytest.param(container("mockserver-redis")["args"], id="kubernetes"),
    ],
)
def test_redis_starts_with_the_deployed_options_and_would_rather_refuse_than_forget(options, tmp_path):
    program = needs_program("redis-server", debian_package="redis-server")
    port = free_port()
    started = [program, "--port", str(port), "--dir", tmp_path, *options]
    with (
        subprocess.Popen(started, stdout=subprocess.DEVNULL) as process,
        redis.Redis(port=port, retry=Retry(ConstantBackoff(0.01), 1_000)) as client,
    ):
        policy = client.config_get("maxmemory*")
        process.terminate()

    assert policy["maxmemory-policy"] == "noeviction"
    assert int(policy["maxmemory"]) == 1 << 30


def test_the_small_compose_file_serves_alone_where_only_this_machine_reaches_it():
    [mock] = yaml.safe_load((CHECKOUT / "docker-compose.single.yml").read_text())["services"].values()

    assert mock["build"] == "."
    assert mock["ports"] == [f"127.0.0.1:{Settings().port}:{Settings().port}"]
    assert set(mock["environment"]) == {variable("admin_token")}
    assert (mock["read_only"], mock["cap_drop"], mock["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
