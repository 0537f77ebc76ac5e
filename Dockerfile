# The `toxvol` command, its Python package and the examples on a slim Debian (docs/python.md):
#   docker build -t toxvol .
#   docker run --rm -v "$PWD:/data" toxvol check binance
FROM debian:12-slim AS build
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      binutils ca-certificates cmake g++ git ninja-build \
      libcli11-dev libexpected-dev libfmt-dev libisal-dev libminizip-dev libtomlplusplus-dev \
      libxxhash-dev nlohmann-json3-dev python3-dev python3-venv zlib1g-dev
WORKDIR /src
COPY . .
RUN scripts/wheels.sh /wheels python3

FROM debian:12-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      ca-certificates python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /wheels /wheels
RUN python3 -m venv /opt/toxvol \
 && /opt/toxvol/bin/pip install --no-cache-dir --disable-pip-version-check /wheels/*.whl pandas \
 && rm -rf /wheels
COPY examples /opt/toxvol/examples
ENV PATH=/opt/toxvol/bin:$PATH
RUN useradd --create-home toxvol && mkdir /data && chown toxvol /data
USER toxvol
WORKDIR /data
ENTRYPOINT ["toxvol"]
CMD ["--help"]
