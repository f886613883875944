extension Specification {
  private static func flag(_ name: String, _ description: String) -> Parameter {
    .query(name, .boolean(default: true), description)
  }

  static let traces = Area(
    tag: "Traces", description: "Full exchanges of sampled requests.",
    operations: .gets(
      "traces", in: RouteScope.regions, "listTraces", "Traces", "", Parameter.page,
      .json(.array(.component("Trace")), "The traces, oldest first."))
      + .gets(
        "traces.zip", "downloadTraces", "Traces as a zip file,",
        "Two files per trace: the trace, and its packets.", [],
        .download("application/zip", "The archive; empty if there are no traces."))
      + [
        .get(
          "execution-traces/:id", "getTrace", "Get a trace",
          "Data of packets is in base64. Secrets, credentials and cookies are masked.",
          [
            flag("up", "Whether to include the execution region."),
            flag("down", "Whether to include the packets."),
            flag("includeResult", "Whether to include the result of the request."),
          ], .json(.component("TraceDetails"), "The trace.")),
        .get(
          "executions/:id/traces/:trace.har", "downloadTraceOfExecution",
          "A trace of an execution as HTTP archive", "", [], .archive),
        .get(
          "execution-traces/:id.har", "downloadTraceHAR", "A trace as HTTP archive", "", [],
          .archive),
        .get(
          "traces/:id.har", "downloadTraceArchive", "A trace as HTTP archive",
          "The same as under `execution-traces`.", [], .archive),
      ])
}
