extension Specification {
  static let results = Area(
    tag: "Results", description: "Every single request.",
    operations: .lists(
      "results", "Results", "Raw results", "In the order in which they were stored.",
      Parameter.page, of: .component("Result"), row: "one request of one client")
      + .gets(
        "results.har", "downloadHAR", "HTTP archive",
        """
        HAR 1.2, one entry per result. Headers and bodies are there where the request left a \
        trace.
        """, Parameter.page, .archive))
}

extension APIOperation.Answer {
  /// An HTTP archive.
  static let archive = Self(
    content: .json(.component("HAR"), "HAR 1.2."),
    headers: [("Content-Disposition", "`attachment` with a name for the file.")])
}
