import Shared

/// Regions as they are written on a command line: `eu-west,us-east`, or `eu-west=20,us-east=30`.
enum RegionText {
  /// - Parameters:
  ///   - users: to be split evenly; nil where every region has its own.
  ///   - standard: taken when nothing says how many.
  /// - Returns: `regions` and, where they are to be split, `concurrentClients`.
  /// - Throws: `UsageError` when the list is none.
  static func members(
    _ texts: [String], users: Int?, standard: Int?
  ) throws(UsageError) -> JSONObject {
    let words = texts.flatMap { $0.split(separator: ",") }.map(String.init)
    guard !words.isEmpty else { throw UsageError("--regions: names of regions are missing") }
    var members = JSONObject()
    guard words.contains(where: { $0.contains("=") }) else {
      members["regions"] = .array(words.map { .string($0) })
      if let users = users ?? standard.map({ max($0, words.count) }) {
        members["concurrentClients"] = .int(Int64(users))
      }
      return members
    }
    guard users == nil else {
      throw UsageError("--users and --regions NAME=USERS exclude each other")
    }
    var shares: [JSONValue] = []
    for word in words {
      let (name, value) = try TestSettings.pair(word, flag: "regions", form: "NAME=USERS")
      guard let count = Int64(value), count > 0 else {
        throw UsageError("--regions: \"\(value)\" is not a number of users, at least 1")
      }
      shares.append(.object(["name": .string(name), "concurrentClients": .int(count)]))
    }
    members["regions"] = .array(shares)
    return members
  }
}
