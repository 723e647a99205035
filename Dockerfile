# Granska as a container image: the program as it lies in the checkout, run by Node's type stripping; nothing is built.
# How to run it: docs/guide/container.md.

FROM node:24-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
# The optional package is a Node for machines that have an older one; this image has its own.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="Granska" \
      org.opencontainers.image.description="Reviews a web proxy's access log against an IT security policy" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="EUPL-1.2"

# A number that is nobody else's on the host. The folders are the account's own before they become volumes: a new named
# volume takes over owner and mode, and keys that others can read are refused.
RUN groupadd --gid 10001 granska \
 && useradd --uid 10001 --gid granska --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin granska \
 && install --directory --owner granska --group granska --mode 0700 /data /keys

# The program belongs to root, so the account that runs it cannot change it.
WORKDIR /app
COPY --from=modules /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY bin ./bin
COPY categories ./categories
COPY config ./config
COPY src ./src

# With a read-only root only the volumes can be written to. What SQLite puts aside while it sorts are findings, so it
# stays with the data. Compiled code would be kept in a folder that is gone after each run.
ENV NODE_ENV=production \
    NODE_DISABLE_COMPILE_CACHE=1 \
    SQLITE_TMPDIR=/data \
    GRANSKA_DATA_DIR=/data \
    GRANSKA_KEYS_DIR=/keys

USER 10001:10001
VOLUME ["/data", "/keys"]

# `granska run` tells how it is; every other command ends by itself and says by its exit code how it went.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["node", "/app/bin/container-health"]

ENTRYPOINT ["node", "/app/bin/granska"]
CMD ["--help"]
