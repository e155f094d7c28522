# The monitor as an image; compose.yaml runs its two processes. docs/operations.md says how.
FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No package needs a script of its own to work; test/licences.test.ts looks after that.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY tsconfig.json LICENSE ./
COPY pipelines pipelines
COPY server server
COPY web web
COPY data data
# The worked examples: what a draft on the workbench begins with.
COPY test/indicators test/indicators
RUN npm run build && chmod -R a+rX .

FROM node:20-slim
# Prebuilt: nothing is written outside the home, so the rest may be read-only.
ENV NODE_ENV=production KVV_HOME=/var/lib/kvv KVV_PREBUILT=yes
WORKDIR /app
COPY --from=build /app ./
RUN install -d -o node -g node -m 0700 /var/lib/kvv /backup
USER node
VOLUME /var/lib/kvv
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/healthz').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/start.cjs", "serve"]
