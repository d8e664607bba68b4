# syntax=docker/dockerfile:1
# docker build -t driftline .                 the program alone, as another user than root
# docker build -t driftline-ci --target ci .  the same with a shell, git, curl and jq, for CI systems that run scripts in it

FROM rust:1.95-slim-bookworm AS build
WORKDIR /source
# Everything is linked in, so that the program runs in an empty image. `--target` keeps that from the build scripts.
ENV RUSTFLAGS="-C target-feature=+crt-static"
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY benches benches
COPY docs/rules docs/rules
COPY testdata/demo testdata/demo
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/source/target \
    target=$(rustc --print host-tuple) && \
    cargo build --locked --release --target "$target" && \
    cp "target/$target/release/driftline" /driftline

FROM debian:bookworm-slim AS ci
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl git jq && rm -rf /var/lib/apt/lists/*
COPY integrations/docker/gitconfig /etc/gitconfig
COPY --from=build /driftline /usr/local/bin/driftline
USER 65532:65532
WORKDIR /repo
CMD ["driftline"]

FROM scratch
COPY integrations/docker/gitconfig /etc/gitconfig
COPY --from=build /driftline /driftline
USER 65532:65532
WORKDIR /repo
ENTRYPOINT ["/driftline"]
