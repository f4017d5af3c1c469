# Kring as a container: one binary, a data folder at /data, no root.
#   docker build -t kring .
#   docker run --rm -p 8080:8080 -v kring:/data kring

FROM rust:1.95-slim-bookworm AS build
# make and perl build OpenSSL, which libpq wants; everything else comes with the compiler or from Cargo.lock.
RUN apt-get update \
 && apt-get install -y --no-install-recommends make perl \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# The caches stay with the builder, so the binary is copied out in the same step.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package kring \
 && cp target/release/kring /usr/local/bin/kring

FROM debian:bookworm-slim
# Certificates for SMTP, S3 and other instances; curl for health checks.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin kring \
 && install -d -o kring -g kring -m 0750 /data
COPY --from=build /usr/local/bin/kring /usr/local/bin/kring
COPY LICENSE /usr/share/doc/kring/LICENSE

USER kring
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENV KRING_BIND=0.0.0.0:8080 \
    KRING_DATA=/data
# No HEALTHCHECK: the same image runs `kring worker`, which answers nobody. For `kring serve` it is /healthz (the process
# answers) and /readyz (its database does too), as in docker-compose.yml.
ENTRYPOINT ["kring"]
CMD ["serve"]
