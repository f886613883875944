import CIDN

/// Names of hosts in other letters than ASCII's (IDNA 2008 by UTS 46, as browsers read them).
enum InternationalName {
  /// The name in ASCII; nil for what can be no host's name.
  ///
  /// - Parameter name: in UTF-8.
  static func ascii(_ name: [UInt8]) -> [UInt8]? {
    // Symbols, which IDNA 2008 does not know, are in names all the same.
    for flags in [IDN2_NONTRANSITIONAL, IDN2_TRANSITIONAL] {
      var found: UnsafeMutablePointer<CChar>?
      let code = (name + [0]).withUnsafeBytes { bytes in
        idn2_to_ascii_8z(
          bytes.assumingMemoryBound(to: CChar.self).baseAddress, &found,
          CInt(bitPattern: flags.rawValue | IDN2_NFC_INPUT.rawValue))
      }
      defer { idn2_free(found) }
      if code == IDN2_OK.rawValue, let found {
        return String(cString: found).utf8.map { $0 }
      }
    }
    return nil
  }
}
