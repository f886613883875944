import Shared

extension Specification {
  private static let ids = Schema.string(pattern: "^[0-9]+(,[0-9]+)*$")
  private static let time = Schema.integer(Int64.min...Int64.max)

  private static let filters: [Parameter] =
    Parameter.page + [
      .query("since", time, "Only those captured then or later, ms since the Unix epoch."),
      .query("until", time, "Only those captured before, ms since the Unix epoch."),
      .query("contentType", .string, "Only those of this media type."),
      .query("agent", ids, "Only those of these agents: ids, separated by commas."),
      .query("regions", ids, "Only those of these execution regions: ids, separated by commas."),
      .query("client", .integer(0...Int64.max), "Only those of this client, counted from 0."),
      .query("iteration", .integer(0...Int64.max), "Only those of this iteration, from 0."),
      .query(
        "failuresOnly", .boolean(default: false), "Only those of iterations in which a test failed."
      ),
    ]

  static let outputFiles = Area(
    tag: "Output files", description: "What scripts wrote: screenshots, downloads and the like.",
    operations: .gets(
      "output-files", in: [.execution], "listOutputFiles", "Output files", "", filters,
      .json(.array(.component("OutputFile")), "What is known of each."))
      + .gets(
        "output-files.zip", in: [.execution], "downloadOutputFiles", "Output files as a zip file,",
        "In folders `user-N/iteration-M`.",
        filters + [.query("flat", .boolean(default: false), "Whether to do without folders.")],
        .download("application/zip", "The archive; empty if there are no files."))
      + [
        .get(
          "output-files/:id/download", "downloadOutputFile", "Download an output file", "", [],
          .download("*/*", "Its bytes, under its media type.")),
        .get(
          "output-files/:id/view", "viewOutputFile", "Show an output file", "", [],
          .text("*/*", "The same, for browsers to show.")),
        thumbnail("output-files/:id/thumbnail", "getThumbnail", "Thumbnail of an image"),
        .change(
          "POST", "output-files/:id/accept-baseline", "acceptBaseline",
          "Make an image the new baseline", "Later ones are compared with it.",
          answer: .json(.component("DataStore"), "The new baseline."),
          problems: [.conflict, .unsupportedMediaType]),
      ])

  static let dataStores = Area(
    tag: "Baselines", description: "How images looked before (data stores).",
    operations: [
      .get(
        "data-stores", "listDataStores", "List baselines", "",
        Parameter.page + [
          .query("testConf", .id, "Only those of this test configuration.")
        ], .json(.array(.component("DataStore")), "The baselines.")),
      .get(
        "data-stores/:id", "getDataStore", "Get a baseline", "", [],
        .json(.component("DataStore"), "The baseline.")),
      .change(
        "DELETE", "data-stores/:id", "deleteDataStore", "Delete a baseline",
        "The next image of its name becomes the baseline.",
        answer: .json(.component("DataStore"), "The deleted baseline.")),
      .get(
        "data-stores/:id/download", "downloadDataStore", "Download a baseline", "", [],
        .download("*/*", "Its bytes, under its media type.")),
      .get(
        "data-stores/:id/view", "viewDataStore", "Show a baseline", "", [],
        .text("*/*", "The same, for browsers to show.")),
      thumbnail("data-stores/:id/thumbnail", "getDataStoreThumbnail", "Thumbnail of a baseline"),
    ])

  private static func thumbnail(_ pattern: String, _ id: String, _ summary: String) -> APIOperation
  {
    var operation = APIOperation.get(
      pattern, id, summary, "At most 320 pixels wide and high.", [],
      .text("image/png", "The thumbnail."))
    operation.problems = [.unsupportedMediaType]
    return operation
  }
}
