import Shared

/// The names of the checks of a run, and where they stand in the present batch.
struct CheckNames {
  private var names: [String]
  private var indices: [String: Int] = [:]
  /// One more than the place of each in the batch's strings; 0 where it has none.
  private var places: [UInt32]

  /// - Parameter names: of the checks that are known by index beforehand.
  init(_ names: [String]) {
    self.names = names
    places = Array(repeating: 0, count: names.count)
    for (index, name) in names.enumerated() where indices[name] == nil { indices[name] = index }
  }

  subscript(index: Int) -> String { names[index] }

  /// Index of a name, valid for the whole run; that of `(other)` once the run has too many.
  mutating func index(of name: String) -> Int {
    if let index = indices[name] { return index }
    let cut = name.prefix(bytes: Limits.suiteNameBytesMax)
    if let index = indices[cut] { return index }
    let isRoom = indices.count < Limits.checkNamesPerRunMax || cut == Recorder.otherName
    guard isRoom else { return index(of: Recorder.otherName) }
    indices[cut] = names.count
    names.append(cut)
    places.append(0)
    return names.count - 1
  }

  /// Where a name stands in the present batch.
  @inline(__always)
  func place(of index: Int) -> UInt32? { places[index] > 0 ? places[index] - 1 : nil }

  mutating func setPlace(_ place: UInt32, of index: Int) { places[index] = place + 1 }

  /// A new batch has begun.
  mutating func forgetPlaces() {
    for index in places.indices { places[index] = 0 }
  }
}
