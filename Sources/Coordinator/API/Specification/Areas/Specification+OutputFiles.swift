import Shared

extension Specification {
  private static let ids = Schema.string(pattern: "^[0-9]+(,[0-9]+)*$")
  private static let agentIDs = Schema.string(pattern: "^[0-9A-Fa-f-]+(,[0-9A-Fa-f-]+)*$")
  private static let time = Schema.integer(Int64.min...Int64.max)

  private static let filters: [Parameter] =
    Parameter.page + [
      .query("since", time, "Only those captured then or later, ms since the Unix epoch."),
      .query("until", time, "Only those captured before, ms since the Unix epoch."),
      .query("contentType", .string, "Only those of this media type."),
      .query("agent", agentIDs, "Only those of these agents: ids or UUIDs, separated by commas."),
      .query("regions", ids, "Only those of these execution regions: ids, separated by commas."),
      .query("client", .integer(0...Int64.max), "Only those of this client, counted from 0."),
      .query("iteration", .integer(0...Int64.max), "Only those of this iteration, from 0."),
      .query(
        "failuresOnly", .boolean(default: false),
        "Only those of iterations in which a test or check failed."
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
        content("output-files/:id/download", "downloadOutputFile", "Download an output file"),
        content("output-files/:id/view", "viewOutputFile", "Show an output file"),
        thumbnail("output-files/:id/thumbnail", "getThumbnail", "Thumbnail of an image"),
        .change(
          "POST", "output-files/:id/accept-baseline", "acceptBaseline",
          "Make an image the new baseline", "Later ones are compared with it.",
          answer: .created(.component("DataStore"), "The new baseline."),
          .json(.component("DataStore"), "The baseline that it is already."),
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
      content("data-stores/:id/download", "downloadDataStore", "Download a baseline"),
      content("data-stores/:id/view", "viewDataStore", "Show a baseline"),
      thumbnail("data-stores/:id/thumbnail", "getDataStoreThumbnail", "Thumbnail of a baseline"),
    ])

  /// The bytes of a thing that has a media type of its own.
  private static func content(_ pattern: String, _ id: String, _ summary: String) -> APIOperation {
    .get(
      pattern, id, summary, "Whole, or the range of it that `Range` asks for.",
      [
        .header("Range", .string, "The bytes that are wanted: `bytes=0-999`."), unlessKnown,
        .header("If-Range", .string, "The range only if the content still has this tag."),
      ],
      .download("*/*", "Its bytes, under its media type."),
      .part("*/*", "The bytes that were asked for."), unchanged,
      .refused(416, "There are not so many bytes."))
  }

  private static let unlessKnown = Parameter.header(
    "If-None-Match", .string, "Nothing is sent if the content still has this tag.")

  private static let unchanged = APIOperation.Answer.empty(304, "It still has this tag.")

  private static func thumbnail(
    _ pattern: String, _ id: String, _ summary: String
  ) -> APIOperation {
    APIOperation.get(
      pattern, id, summary, "At most 320 pixels wide and high.", [unlessKnown],
      .text("image/png", "The thumbnail."), unchanged
    ).failing(.unsupportedMediaType)
  }
}
