# mockserver in a container:
#
#   docker build -t mockserver .
#   docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --memory 512m \
#     -p 127.0.0.1:8080:8080 -e MOCKSERVER_ADMIN_TOKEN mockserver
#
# It listens on every interface, so the admin API needs a token: the one in the file MOCKSERVER_ADMIN_TOKEN_FILE or
# in MOCKSERVER_ADMIN_TOKEN, or one that the server makes and prints once. Nothing is written outside /tmp and /dev/shm: there live
# gunicorn's heartbeat files and the database that several workers share when no store is named.

# By tag, to be read, and by digest, which decides. Take a newer one with --build-arg PYTHON_IMAGE=...
ARG PYTHON_IMAGE=python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM ${PYTHON_IMAGE} AS build

WORKDIR /src
COPY requirements/runtime.txt requirements/build.txt requirements/
# Two environments, so that the build backend stays out of the image; pip itself stays out of both.
RUN python -m venv --without-pip /opt/mockserver \
 && python -m pip --python /opt/mockserver/bin/python install --require-hashes -r requirements/runtime.txt
RUN python -m venv --without-pip /opt/build \
 && python -m pip --python /opt/build/bin/python install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE openapi.yaml schemathesis.toml ./
COPY contracts/ contracts/
COPY mockserver/ mockserver/
RUN python -m pip --python /opt/build/bin/python wheel --no-deps --no-build-isolation --wheel-dir /opt/wheels . \
 && python -m pip --python /opt/mockserver/bin/python install --no-deps --no-index /opt/wheels/*.whl \
 && /opt/mockserver/bin/mockserver presets \
 && /opt/mockserver/bin/mockserver validate mockserver/apis/engagement/presets/*.yaml


FROM ${PYTHON_IMAGE}

LABEL org.opencontainers.image.title="mockserver" \
      org.opencontainers.image.description="A mock of LivePerson's engagement API, answering by its contract" \
      org.opencontainers.image.licenses="MIT"

COPY --from=build /opt/mockserver /opt/mockserver
# Modules are compiled, and the contract and the presets are parsed already; the file system may be read-only.
ENV PATH=/opt/mockserver/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

# Nobody's user, by number, so that a cluster can see that it is not root.
USER 10001:10001
EXPOSE 8080
# gunicorn stops taking calls and finishes those it has.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 CMD ["mockserver", "healthcheck"]
ENTRYPOINT ["mockserver"]
CMD ["serve", "--host", "0.0.0.0"]
