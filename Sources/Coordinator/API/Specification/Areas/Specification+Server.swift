extension Specification {
  static let server = Area(
    tag: "Server", description: "The coordinator itself.",
    operations: [
      health,
      .get(
        "openapi.json", "getSpecification", "This description", "", [],
        .json(.map(.any), "OpenAPI 3.1.")),
      .get(
        "metrics", "getServerMetrics", "Metrics of the coordinator",
        "For Prometheus and the like: agents, leases, ingest, store, HTTP, process.", [],
        APIOperation.Answer(
          content: APIOperation.Content(
            types: [("text/plain", .string), ("application/openmetrics-text", .string)],
            description: "OpenMetrics where `Accept` asks for it, Prometheus' text else.",
            example: nil))),
    ])

  private static let health = APIOperation.get(
    "healthz", "getHealth", "Liveness", "200 as long as the store can be read.", [],
    .json(.component("Health"), "The coordinator works.")
  ).failing(.unavailable)
}
