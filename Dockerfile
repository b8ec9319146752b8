# Kept in a container: `docker build -t kept .`, then compose.yaml or deploy/kubernetes.yaml.
# The root file system may be read-only; what Kept writes lies in /data (SQLite) or in PostgreSQL.
FROM python:3.13-slim AS build
WORKDIR /src
# REQUIREMENTS=otel adds OpenTelemetry, REQUIREMENTS=mcp the server for assistants.
ARG REQUIREMENTS=run
COPY requirements/ requirements/
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --require-hashes --requirement "requirements/${REQUIREMENTS}.txt" \
    && pip install --no-cache-dir --require-hashes --requirement requirements/build.txt
COPY . .
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /dist . \
    && pip --python /venv/bin/python install --no-cache-dir --no-deps --no-index /dist/*.whl \
    && /venv/bin/python -m compileall -q /venv/lib

FROM python:3.13-slim
RUN groupadd --gid 10001 kept \
    && useradd --uid 10001 --gid kept --no-create-home --home-dir /data --shell /usr/sbin/nologin kept \
    && install --directory --owner kept --group kept --mode 0700 /data
COPY --from=build /venv /venv
# HOST: a container's own loopback is reached by nothing outside it. DATABASE_URL: PostgreSQL replaces it in compose.yaml.
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=3000 \
    LOG_FORMAT=json \
    DATABASE_URL=sqlite:////data/kept.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
# Alive, not ready: a container is restarted for a hung process, not for a database that is away (docs/operations.md).
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
# An exec form without a shell, so that SIGTERM reaches Kept itself: it drains and exits 0 within ten seconds.
ENTRYPOINT ["kept"]
CMD ["run"]
