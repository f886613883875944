extension Specification {
  static let reportSchemas: [(name: String, schema: Schema)] = [
    ("HAR", har), ("Comparison", comparison),
  ]

  private static let har = Schema.object([
    .must(
      "log",
      .object([
        .must("version", .constant(.string("1.2"))), .must("creator", .map(.any)),
        .must("entries", .array(.map(.any))),
      ]))
  ]).described("An HTTP archive, version 1.2.")

  private static let comparison = Schema.map(.any).described(
    "Figures of each execution, overall and by resource, and how they differ from the first one.")
}
