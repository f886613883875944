import Foundation

/// Images of other formats, made with libjpeg and by hand.
enum ImageSamples {
  /// 32 x 16, red on the left and blue on the right; its EXIF says that it is to be turned by a
  /// quarter clockwise, so that red comes to be at the top.
  static let turnedJPEG = bytes(
    "/9j/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoH"
      + "BwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQU"
      + "FBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAQACADASIAAhEBAxEB/8QA"
      + "HwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1Fh"
      + "ByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlq"
      + "c3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl"
      + "5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQA"
      + "AQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZH"
      + "SElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPE"
      + "xcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD50ooor8MP9UzwKiiiv9xj/HQ/"
      + "/9k=")

  /// 2 x 1: a red and a blue pixel.
  static let gif = bytes("R0lGODlhAgABAIAAAP8AAAAA/ywAAAAAAgABAAACAkQKADs=")

  /// A GIF that promises so many pixels.
  static func gif(promising width: UInt16, _ height: UInt16) -> [UInt8] {
    var bytes = gif
    let size = [width, height].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    bytes.replaceSubrange(6..<10, with: size)
    // The image in it, behind a separator, two offsets and the palette of two colours.
    bytes.replaceSubrange(24..<28, with: size)
    return bytes
  }

  /// A JPEG whose frame header promises so many pixels.
  static func jpeg(promising width: UInt16, _ height: UInt16) -> [UInt8] {
    var bytes = turnedJPEG
    guard let frame = bytes.firstRange(of: [0xff, 0xc0]) else { return [] }
    let size = [height, width].flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    bytes.replaceSubrange(frame.lowerBound + 5..<frame.lowerBound + 9, with: size)
    return bytes
  }

  private static func bytes(_ base64: String) -> [UInt8] {
    Array(Data(base64Encoded: base64) ?? Data())
  }
}
