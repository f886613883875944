import XCTest

/// Who may know whom.
final class DependencyTests: XCTestCase {
  /// Folders and files that decide without touching the world: they import nothing but `Shared`.
  private static let pure = [
    "Sources/Coordinator/Execution/ExecutionStateMachine.swift",
    "Sources/Coordinator/Execution/ExecutionPhase.swift",
    "Sources/Coordinator/Scheduling/",
    "Sources/Coordinator/Limits/",
    "Sources/Coordinator/Comparison/ExecutionComparison",
    "Sources/Coordinator/Comparison/Difference",
    "Sources/Coordinator/Comparison/RequestFigures",
    "Sources/Coordinator/Script/Threshold",
    "Sources/Coordinator/Script/Summary",
    "Sources/Coordinator/Sharing/BarrierBoard",
    "Sources/Coordinator/Sharing/RecentEvents",
    "Sources/Coordinator/Sharing/RowDispenser",
    "Sources/Coordinator/Sharing/CSVScanner",
    "Sources/Coordinator/Sharing/TableIndex",
    "Sources/Coordinator/Ingest/BatchLedger",
    "Sources/Coordinator/Ingest/IntervalAggregator",
    "Sources/Coordinator/Ingest/IntervalTable",
    "Sources/Coordinator/Ingest/RunTotals",
    "Sources/Coordinator/Ingest/RequestTotals",
    "Sources/Coordinator/Ingest/Aggregate",
    "Sources/Coordinator/Ingest/CustomTotals",
    "Sources/Coordinator/Ingest/RecordCounts",
    "Sources/Agent/Cookies/",
    "Sources/Agent/Results/",
    "Sources/Agent/Tracing/TraceSampler",
    "Sources/Agent/Tracing/TraceCapture",
    "Sources/Agent/Tracing/SecretMasker",
    "Sources/Agent/Tracing/HeaderMask",
    "Sources/Agent/Load/",
    "Sources/Agent/Control/OpenAsks",
    "Sources/Agent/Script/RowStock",
    "Sources/Agent/Script/TableBlocks",
    "Sources/Agent/Script/BarrierRounds",
    "Sources/Agent/Script/Address/RequestURL",
    "Sources/Agent/Script/Address/URLParts",
    "Sources/Agent/Script/Address/URLAuthority",
    "Sources/Agent/Script/EventMailbox",
    "Sources/Agent/Script/Code/CodeQuestions",
    "Sources/Agent/Script/Code/CodeTables",
    "Sources/Agent/Script/Code/CodeWish",
    "Sources/Shared/Wire/LineFramer",
    "Sources/Shared/Metrics/",
  ]

  /// The only places that may import a C library.
  private static let homes = [
    "CSQLite": ["Sources/Coordinator/Storage/"],
    "CZstd": ["Sources/Coordinator/Storage/", "Sources/Agent/Engine/Coding/"],
    "CZlib": ["Sources/Agent/Engine/Coding/"],
    "CBrotli": ["Sources/Agent/Engine/Coding/"],
    "CIDN": ["Sources/Agent/Script/Address/InternationalName"],
    "CRegex": ["Sources/Agent/Script/Steps/"],
    "COpenSSL": ["Sources/Agent/Engine/"],
    "CMicroHTTPD": ["Sources/Coordinator/API/"],
    "CArchive": ["Sources/Coordinator/Export/"],
    "CCairo": ["Sources/Coordinator/Export/"],
    "CGdkPixbuf": ["Sources/Coordinator/Export/"],
    "CCurl": ["Sources/Agent/Engine/", "Sources/Commands/throng/Remote/"],
    "CJavaScriptCore": ["Sources/Shared/JavaScript/", "Sources/Agent/Script/"],
  ]

  /// What a folder's modules must not import.
  private static let forbidden: [(folder: String, modules: Set<String>)] = [
    ("Sources/Shared/", ["Agent", "Coordinator", "FoundationNetworking", "XCTest", "TestSupport"]),
    ("Sources/Agent/", ["Coordinator", "FoundationNetworking", "XCTest", "TestSupport"]),
    ("Sources/Coordinator/", ["Agent", "FoundationNetworking", "XCTest", "TestSupport"]),
    ("Sources/Commands/", ["FoundationNetworking", "XCTest", "TestSupport"]),
    ("Sources/Commands/throng-agent/", ["Coordinator"]),
    ("Sources/Commands/throng-coordinator/", ["Agent"]),
  ]

  /// Data flows one way: a folder's types must not be named in the folders before it.
  private static let unknown: [(folder: String, mustNotKnow: [String])] = [
    (
      "Sources/Coordinator/Storage/",
      ["API", "AgentLink", "Execution", "Scheduling"].map { "Sources/Coordinator/\($0)/" }
    ),
    (
      "Sources/Coordinator/Ingest/",
      ["API", "AgentLink", "Execution", "Scheduling"].map { "Sources/Coordinator/\($0)/" }
    ),
    (
      "Sources/Coordinator/Scheduling/",
      ["API", "AgentLink", "Storage", "Ingest"].map { "Sources/Coordinator/\($0)/" }
    ),
    (
      "Sources/Coordinator/Sharing/",
      ["API", "AgentLink", "Execution", "Scheduling"].map { "Sources/Coordinator/\($0)/" }
    ),
    ("Sources/Coordinator/Execution/", ["Sources/Coordinator/API/"]),
    ("Sources/Coordinator/AgentLink/", ["Sources/Coordinator/API/"]),
    ("Sources/Coordinator/API/", ["Sources/Coordinator/AgentLink/"]),
    ("Sources/Agent/Script/", ["Control", "Engine", "Results"].map { "Sources/Agent/\($0)/" }),
    (
      "Sources/Agent/Load/",
      ["Control", "Engine", "Results", "Script"].map { "Sources/Agent/\($0)/" }
    ),
    ("Sources/Agent/Results/", ["Control", "Engine"].map { "Sources/Agent/\($0)/" }),
    (
      "Sources/Agent/Tracing/", ["Control", "Engine", "Results"].map { "Sources/Agent/\($0)/" }
    ),
    ("Sources/Agent/Engine/", ["Sources/Agent/Control/"]),
    ("Sources/Shared/Model/", ["Sources/Shared/System/", "Sources/Shared/Wire/"]),
  ]

  func test_pureParts_importOnlyShared() throws {
    let files = try SourceTree.swiftFiles(in: ["Sources"])
    for prefix in Self.pure {
      let matching = files.filter { $0.path.hasPrefix(prefix) }
      XCTAssertFalse(matching.isEmpty, "nothing is left of \(prefix): change this list")
      for file in matching {
        let others = Set(file.imports).subtracting(["Shared"])
        XCTAssert(others.isEmpty, "\(file.path) must stay pure, but imports \(others.sorted())")
      }
    }
  }

  func test_cLibraries_areImportedInOnePlaceOnly() throws {
    for file in try SourceTree.swiftFiles(in: ["Sources"]) {
      for (module, homes) in Self.homes where file.imports.contains(module) {
        let isHome = homes.contains { file.path.hasPrefix($0) }
        XCTAssert(isHome, "\(file.path) imports \(module): only \(homes) may")
      }
    }
  }

  func test_modules_importOnlyDownwards() throws {
    for file in try SourceTree.swiftFiles(in: ["Sources"]) {
      for rule in Self.forbidden where file.path.hasPrefix(rule.folder) {
        let bad = rule.modules.intersection(file.imports)
        XCTAssert(bad.isEmpty, "\(file.path) must not import \(bad.sorted())")
      }
    }
  }

  func test_folders_doNotKnowWhatComesAfterThem() throws {
    let files = try SourceTree.swiftFiles(in: ["Sources"])
    for rule in Self.unknown {
      let names = Set(
        files.filter { file in rule.mustNotKnow.contains { file.path.hasPrefix($0) } }
          .flatMap(Self.topLevelTypes))
      for file in files where file.path.hasPrefix(rule.folder) {
        for (index, line) in file.code.enumerated() {
          let known = names.intersection(Self.identifiers(line))
          XCTAssert(known.isEmpty, "\(file.path):\(index + 1) must not know \(known.sorted())")
        }
      }
    }
  }

  func test_package_hasNoDependencies() throws {
    let manifest = try SourceTree.text("Package.swift")
    XCTAssertFalse(manifest.contains(".package" + "("), "no Swift package may be depended on")
  }

  /// Types that a file declares without indentation.
  private static func topLevelTypes(_ file: SourceFile) -> [String] {
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
    return file.code.compactMap { line in
      guard let first = line.first, first != " " else { return nil }
      let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
      guard let index = words.firstIndex(where: kinds.contains), index + 1 < words.count else {
        return nil
      }
      return String(words[index + 1])
    }
  }

  private static func identifiers(_ line: String) -> Set<String> {
    Set(line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
  }
}
