# The image of ways out: a proxy that knows hosts by name, and the forwarder that leads to it. Built by
# build-egress-image.sh from the base that the sandbox image is made from.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
USER root

# A base that was made from packages knows no place for security fixes.
RUN . /etc/os-release \
  && if [ "$ID" = debian ] && ! grep -rqs security /etc/apt/sources.list /etc/apt/sources.list.d; then \
       echo "deb http://deb.debian.org/debian-security $VERSION_CODENAME-security main" >> /etc/apt/sources.list; \
     fi \
  && apt-get -o Acquire::Retries=3 update \
  && DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 install -y --no-install-recommends squid socat \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /etc/squid/conf.d \
  && find / -xdev -type f -perm /6000 -exec chmod a-s {} + \
  && echo 'egress:x:10002:10002:egress:/:/usr/sbin/nologin' >> /etc/passwd \
  && echo 'egress:x:10002:' >> /etc/group \
  && squid -v && socat -V

# What the proxy says instead of an answer, by the names that its rules use.
COPY egress-pages/ /usr/share/squid/errors/templates/

USER 10002:10002
WORKDIR /
CMD ["sleep", "infinity"]
