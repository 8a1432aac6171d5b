# The base images are arguments, for mirrors and for digests (docs/image.md):
#   docker build --build-arg BUILD_IMAGE=… --build-arg RUNTIME_IMAGE=… --tag podwright .
# Both hold Node.js 24. The run-time image needs nothing else: neither shell nor package manager.
ARG BUILD_IMAGE=docker.io/library/node:24-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# Without its install script the development dependency `node` is empty, and the image's own Node.js runs the build.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build \
 && mkdir -p image/cache \
 && cp -r dist/podwright.js dist/program dist/THIRD-PARTY-NOTICES dist/sbom.cdx.json package.json LICENSE image/ \
 && du -sh image

FROM ${RUNTIME_IMAGE} AS program
# glibc gives the memory of bodies back to the system; with an arena per thread it keeps a fifth more.
# Distroless images keep `node` in /nodejs/bin, others where PATH finds it.
ENV PATH="/nodejs/bin:${PATH}" \
    NODE_ENV=production \
    NODE_COMPILE_CACHE=/podwright/cache \
    MALLOC_ARENA_MAX=2 \
    MALLOC_TRIM_THRESHOLD_=131072
COPY --from=build --chown=65532:65532 /build/image /podwright
USER 65532:65532
WORKDIR /podwright

# The compile cache holds for this Node.js, this user and this folder only, and is read-only later.
FROM program AS cache
COPY --from=build /build/scripts/build/fill-compile-cache.ts /fill-compile-cache.ts
RUN ["node", "/fill-compile-cache.ts"]

FROM program
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Podwright" \
      org.opencontainers.image.description="A Kubernetes admission webhook that makes every Pod follow good practice" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=cache --chown=65532:65532 /podwright/cache /podwright/cache
# In a container, 127.0.0.1 would be out of reach of published ports.
ENV PODWRIGHT_SERVE_HOST=::
EXPOSE 8443 9090
ENTRYPOINT ["node", "/podwright/podwright.js"]
CMD ["serve"]
