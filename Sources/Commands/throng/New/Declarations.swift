import Shared

/// `throng.d.ts`: what scripts see, for editors.
enum Declarations {
  static let fileName = "throng.d.ts"

  /// The whole file. Its first line says whose it is and how old.
  static var text: String {
    mark + throngVersion + "\n" + String(decoding: PackageResources.throng_d_ts, as: UTF8.self)
  }

  private static let mark = "// Written by `throng new`, which replaces older ones. Version "

  enum Action: Equatable {
    case write
    /// It is this version's already.
    case keep
    /// It is somebody else's, or a newer version's.
    case leave(String)
  }

  /// What is to be done where the file has `present` for contents; nil stands for no file.
  static func action(on present: String?) -> Action {
    guard let present else { return .write }
    if present == text { return .keep }
    guard let line = present.split(separator: "\n").first, line.hasPrefix(mark),
      let version = numbers(line.dropFirst(mark.count)), let own = numbers(throngVersion[...])
    else { return .leave("it is not from throng new") }
    if own.lexicographicallyPrecedes(version) { return .leave("it is from a newer version") }
    return .write
  }

  private static func numbers(_ version: Substring) -> [Int]? {
    let parts = version.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    return parts.contains(nil) ? nil : parts.compactMap(\.self)
  }
}
