# For tests by hand: Nexus' own image with the tools of other stacks, so that their set-ups are tried for real.
FROM nexus-sandbox:latest
ARG PACKAGES
USER 0:0
RUN apt-get update -q \
  && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $PACKAGES \
  && rm -rf /var/lib/apt/lists/*
USER 10001:10001
