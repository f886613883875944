/// Names of files that any system can unpack: whatever a script or a URL says, they stay within
/// the folder they are unpacked to and within the length that systems take.
enum SafeName {
  /// Bytes of a name in UTF-8. Systems take 255, and the paths above it want room, too.
  static let bytesMax = 120
  /// An extension is what programs go by, unless it is too long for one.
  private static let extensionBytesMax = 20

  /// A file's own name, as much of it as can be kept.
  static func file(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      text.unicodeScalars.append(isSafe(scalar) ? scalar : "_")
    }
    return bounded(allowed(String(text.drop { $0 == " " })))
  }

  /// A name made of words, such as `GET_http_a.example_stocks` of `GET http://a.example/stocks`:
  /// letters, digits, dots and hyphens stay, a run of anything else becomes one underscore.
  static func words(_ text: String, bytesMax: Int = bytesMax) -> String {
    var name = ""
    for scalar in text.unicodeScalars {
      let properties = scalar.properties
      let stays =
        properties.isAlphabetic || properties.numericType == .decimal || scalar == "."
        || scalar == "-"
      if stays {
        name.unicodeScalars.append(scalar)
      } else if name.last != "_" {
        name += "_"
      }
    }
    // A hyphen in front would be an option to programs that are given `*`.
    let start = allowed(String(name.drop { "_.-".contains($0) }))
    return orPlaceholder(trimmedEnd(cut(start, to: bytesMax), "_."))
  }

  /// A name of at most `bytesMax` bytes with `suffix` before its extension.
  static func bounded(_ name: String, suffix: String = "", bytesMax: Int = bytesMax) -> String {
    let (stem, ending) = split(name)
    let room = max(1, bytesMax - suffix.utf8.count - ending.utf8.count)
    return orPlaceholder(trimmedEnd(cut(stem, to: room) + suffix + ending, " ."))
  }

  /// The name before its extension, and the extension with its dot.
  private static func split(_ name: String) -> (stem: String, ending: String) {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return (name, "") }
    let ending = String(name[dot...])
    guard ending.utf8.count > 1, ending.utf8.count <= extensionBytesMax else { return (name, "") }
    return (String(name[..<dot]), ending)
  }

  /// As many whole characters as fit.
  private static func cut(_ text: String, to bytesMax: Int) -> String {
    guard text.utf8.count > bytesMax else { return text }
    var result = ""
    var bytes = 0
    for character in text {
      bytes += character.utf8.count
      if bytes > bytesMax { break }
      result.append(character)
    }
    return result
  }

  private static func trimmedEnd(_ text: String, _ characters: String) -> String {
    var end = text[...]
    while let last = end.last, characters.contains(last) { end.removeLast() }
    return String(end)
  }

  private static func orPlaceholder(_ name: String) -> String { name.isEmpty ? "_" : name }

  /// Never a name that Windows takes for a device, whatever its extension.
  private static func allowed(_ name: String) -> String {
    let stem = name.prefix { $0 != "." }.uppercased()
    return devices.contains(trimmedEnd(stem, " ")) ? "_\(name)" : name
  }

  private static let devices: Set<String> = {
    var names: Set<String> = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    for digit in "123456789\u{B9}\u{B2}\u{B3}" { names.formUnion(["COM\(digit)", "LPT\(digit)"]) }
    return names
  }()

  /// Whether a character may stand in a name on every system, and shows as what it is: those that
  /// turn the direction of a text make an extension look like another.
  private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
      return false
    case .format:
      // Joins characters of scripts and emoji.
      return scalar == "\u{200D}" || scalar == "\u{200C}"
    default: return !#"/\:*?"<>|"#.unicodeScalars.contains(scalar)
    }
  }
}
