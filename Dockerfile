# Two stages: the Go toolchain builds one static binary, the image holds that binary and nothing else.
#
#   docker build --build-arg VERSION=$(git describe --tags --always) -t sipas .
#   docker run -p 8080:8080 -v sipas:/data sipas
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/sipas ./cmd/sipas
# scratch has no mkdir: the folders are made here and given to the image's one user below.
RUN mkdir /out/data /out/tmp

FROM scratch
COPY --from=build /out/sipas /sipas
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/tmp /tmp
USER 65532:65532
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["/sipas", "health"]
ENTRYPOINT ["/sipas"]
CMD ["serve", "--addr", "0.0.0.0:8080", "--data", "/data"]
