# The bot in a small image of its own: no compiler, no shell scripts of ours, no root.
#   docker build -t mailbot .
FROM python:3.11-slim-bookworm AS build
COPY requirements.lock /build/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --no-compile --require-hashes -r /build/requirements.lock \
 && /venv/bin/pip uninstall --yes pip setuptools
COPY mailbot /app/mailbot
# Compiled once here: the running bot may write nothing but its data.
RUN /venv/bin/python -m compileall -q /venv /app/mailbot \
 && printf '#!/bin/sh\nexec /venv/bin/python -m mailbot "$@"\n' > /venv/bin/mailbot \
 && chmod 755 /venv/bin/mailbot

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin mailbot \
 && install --directory --owner mailbot --group mailbot --mode 700 /data
COPY --from=build /venv /venv
COPY --from=build /app/mailbot /app/mailbot
COPY templates /app/templates
COPY config /app/config
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MAILBOT_STORE__URL=sqlite:////data/mailbot.db \
    MAILBOT_HEARTBEAT_FILE=/data/heartbeat
USER mailbot
WORKDIR /data
VOLUME /data
# It asks the bot's own sign of life, no mail server.
HEALTHCHECK --interval=2m --timeout=30s --start-period=2m --retries=3 CMD ["mailbot", "check", "--max-age", "10m"]
# SIGTERM finishes the item in hand; give it a little longer than one mail server's answer may take.
STOPSIGNAL SIGTERM
ENTRYPOINT ["mailbot"]
CMD ["run"]
