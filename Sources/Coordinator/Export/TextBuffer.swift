/// Text that is put together from many short pieces, such as rows of numbers.
///
/// It owns its memory and writes through a pointer, once it has seen that there is room: for text
/// that is made a digit at a time, an `Array`, which looks after its owner and its bounds at every
/// byte, took most of the time of a download.
struct TextBuffer: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(64, capacity)
    start = .allocate(capacity: self.capacity)
  }

  deinit { start.deallocate() }

  /// What was written so far.
  var bytes: [UInt8] { [UInt8](UnsafeBufferPointer(start: start, count: count)) }

  mutating func removeAll() { count = 0 }

  private mutating func reserve(_ more: Int) {
    if capacity - count < more { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    capacity = max(capacity * 2, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
  }

  mutating func append(_ byte: UInt8) {
    reserve(1)
    start[count] = byte
    count += 1
  }

  mutating func append(_ bytes: [UInt8]) {
    reserve(bytes.count)
    bytes.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      (start + count).update(from: first, count: source.count)
    }
    count += bytes.count
  }

  mutating func append(_ text: StaticString) {
    reserve(text.utf8CodeUnitCount)
    (start + count).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
    count += text.utf8CodeUnitCount
  }

  mutating func append(decimal value: Int64) {
    reserve(20)
    if value < 0 {
      start[count] = UInt8(ascii: "-")
      count += 1
    }
    appendDigits(value.magnitude)
  }

  /// Microseconds as milliseconds without trailing zeros: 183 is `0.183`, 5000 is `5`.
  mutating func append(millisecondsOfMicros micros: Int64) {
    reserve(24)
    if micros < 0 {
      start[count] = UInt8(ascii: "-")
      count += 1
    }
    let (whole, rest) = micros.magnitude.quotientAndRemainder(dividingBy: 1_000)
    appendDigits(whole)
    guard rest > 0 else { return }
    start[count] = UInt8(ascii: ".")
    put(threeDigits: UInt32(truncatingIfNeeded: rest), at: count + 1)
    count += rest % 100 == 0 ? 2 : rest % 10 == 0 ? 3 : 4
  }

  /// A number from 0 to 999 with leading zeros.
  mutating func append(threeDigits value: UInt32) {
    reserve(3)
    put(threeDigits: value, at: count)
    count += 3
  }

  private func put(threeDigits value: UInt32, at place: Int) {
    start[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / 100 % 10)
    start[place + 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / 10 % 10)
    start[place + 2] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value % 10)
  }

  /// There must be room for them.
  private mutating func appendDigits(_ value: UInt64) {
    // Most numbers are small, and dividing 32 bits is several times as fast.
    var low = UInt32(truncatingIfNeeded: value)
    var digits = Self.digits(value)
    count += digits
    var place = start + count
    if value > UInt64(UInt32.max) {
      var rest = value
      while rest > UInt64(UInt32.max) {
        place -= 1
        place.pointee = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
        digits -= 1
      }
      low = UInt32(truncatingIfNeeded: rest)
    }
    for _ in 0..<digits {
      place -= 1
      place.pointee = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: low % 10)
      low /= 10
    }
  }

  private static func digits(_ value: UInt64) -> Int {
    if value < 10 { return 1 }
    if value < 100 { return 2 }
    if value < 1_000 { return 3 }
    if value < 10_000 { return 4 }
    var (digits, rest) = (4, value / 10_000)
    while rest > 0 {
      digits += 1
      rest /= 10
    }
    return digits
  }
}
