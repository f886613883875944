import CLinux

/// Finding bytes in bytes: a body is searched as it came, whatever its encoding.
enum ByteSearch {
  /// Takes time in proportion to the length of `haystack`, whatever is in it.
  static func contains(_ haystack: [UInt8], _ needle: [UInt8]) -> Bool {
    needle.isEmpty || memmem(haystack, haystack.count, needle, needle.count) != nil
  }
}
