# The image that commands run in. Built by build-sandbox-image.sh, which prepares the context:
# runtime/ holds Node and npm as this project pins them (empty where the base brings its own Node).
ARG BASE=debian:bookworm-slim
FROM ${BASE}

# A base made from Debian packages has them already, so the build needs no network. Containers without a network
# get an empty /etc/hosts from the engine: it is myhostname by which they know localhost.
RUN { command -v git && command -v rg && test -d /etc/ssl/certs && grep myhostname /etc/nsswitch.conf; } >/dev/null 2>&1 \
  || { apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends git ca-certificates ripgrep libnss-myhostname \
    && rm -rf /var/lib/apt/lists/*; }

COPY runtime/ /usr/local/

# Set-id programs are of no use under no-new-privileges; 10001 is the user that commands run as.
RUN find / -xdev -type f -perm /6000 -exec chmod a-s {} + \
  && if [ -d /usr/local/lib/node_modules/npm ]; then \
       ln -sf ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
       && ln -sf ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx; \
     fi \
  && echo 'sandbox:x:10001:10001:sandbox:/home/sandbox:/bin/sh' >> /etc/passwd \
  && echo 'sandbox:x:10001:' >> /etc/group \
  && mkdir -p /home/sandbox /workspace \
  && chown 10001:10001 /home/sandbox /workspace \
  && node --version && npm --version && git --version

USER 10001:10001
WORKDIR /workspace
CMD ["sleep", "infinity"]
