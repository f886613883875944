import Shared

extension Specification {
  private static let body = APIOperation.Content(
    types: [
      ("application/json", .component("DataTableInput")),
      ("text/csv", .string),
    ],
    description: "CSV of at most \(Limits.tableBytesMax) bytes with a header row, named by the "
      + "parameter `name`; or JSON with the CSV in it.",
    example: .object([
      "name": .string("users"), "content": .string("name,password\nann,x1\nbob,y2\n"),
    ]))

  static let dataTables = Area(
    tag: "Data tables", description: "Rows for scripts, unique across agents where wanted.",
    operations: [
      .get(
        "data-tables", "listDataTables", "List data tables", "", Parameter.page,
        .json(.array(.component("DataTable")), "The tables.")),
      .change(
        "POST", "data-tables", "createDataTable", "Add a data table", "",
        [
          .query(
            "name", .string(1...Limits.sharedNameLengthMax),
            "The table's name: required with `text/csv`, not taken with JSON.")
        ], body: body, answer: .created(.component("DataTable"), "The new table.")),
      .get(
        "data-tables/:id", "getDataTable", "Get a data table", "", [],
        .json(.component("DataTable"), "The table, without its rows.")),
      .change(
        "DELETE", "data-tables/:id", "deleteDataTable", "Delete a data table",
        "Executions that run go on reading it.",
        answer: .json(.component("DataTable"), "The deleted table.")),
    ])
}
