/// A piece of a report, in the order of reading.
enum ReportBlock: Sendable, Equatable {
  /// A heading; also an entry of the document's outline.
  case heading(String)
  case subheading(String)
  case paragraph(String, ReportTone)
  case verdict(ReportVerdict)
  case figures([ReportFigure])
  /// Charts beside each other.
  case charts([ReportChart], height: Double)
  case table(ReportTable)
  case findings([ReportFinding])
  /// Names and what they stand for.
  case facts([ReportFact])
}

/// A number that matters, large.
struct ReportFigure: Sendable, Equatable {
  var name: String
  var value: String
  var tone = ReportTone.normal
}

/// Something that the reader must know to trust the numbers.
struct ReportFinding: Sendable, Equatable {
  var text: String
  var tone: ReportTone
}

struct ReportFact: Sendable, Equatable {
  var name: String
  var value: String
}

/// What a report says, before anything is drawn.
struct ReportModel: Sendable, Equatable {
  var title: String
  var subtitle: String
  /// From when to when.
  var period: String?
  /// Repeated on every page.
  var header: String
  var footer: String
  /// When the report was made, ISO-8601 in whole seconds: cairo takes no others.
  var createdAt: String
  var blocks: [ReportBlock]
}
