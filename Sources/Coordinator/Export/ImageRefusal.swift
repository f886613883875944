/// Why a file is not shown or compared as an image; the text is for whoever wanted that.
enum ImageRefusal: Error, Equatable, CustomStringConvertible {
  /// It does not begin like an image of a known format.
  case unknownFormat
  /// There is no reader of this format here.
  case noReader(ImageFormat)
  case tooManyPixels(width: Int, height: Int)
  /// Reading it took longer than it may.
  case tooSlow(seconds: Double)
  case broken(String)

  var description: String {
    switch self {
    case .unknownFormat: "it is neither PNG nor JPEG, GIF or WebP"
    case .noReader(let format): "\(format.name) cannot be read here"
    case .tooManyPixels(let width, let height):
      "it has \(width) x \(height) pixels, more than can be read"
    case .tooSlow(let seconds): "reading it takes longer than \(Int(seconds)) s"
    case .broken(let reason): "it is broken: \(reason)"
    }
  }
}

/// Formats of images that are read, told by how files begin. What scripts say of their files is
/// not looked at, and formats that can refer to other files, such as SVG, are not among them.
enum ImageFormat: String, CaseIterable, Sendable {
  case png, jpeg, gif, webp

  var name: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .gif: "GIF"
    case .webp: "WebP"
    }
  }

  /// The format of a file that begins so; nil for all others.
  init?(beginning bytes: some Collection<UInt8>) {
    let webp = bytes.dropFirst(8).starts(with: Array("WEBP".utf8))
    if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else if bytes.starts(with: [0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if bytes.starts(with: Array("GIF87a".utf8))
      || bytes.starts(with: Array("GIF89a".utf8))
    {
      self = .gif
    } else if bytes.starts(with: Array("RIFF".utf8)), webp {
      self = .webp
    } else {
      return nil
    }
  }
}
