import Foundation
import Shared
import Synchronization

/// Compares images that scripts wrote with their baselines, one after the other on a thread of its
/// own that gives way to all others.
///
/// What is to be compared is in the store alone: whatever an end leaves undone is done after the
/// next start.
final class BaselineComparer: Sendable {
  private enum Wish { case none, look, stop }

  /// Seconds until it tries again what the store did not take.
  private static let retrySecs = 5.0

  private let store: Store
  private let files: BaselineFiles
  private let now: @Sendable () -> Int64
  private let wish = Mutex(Wish.none)
  private let wished = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)
  private let started = Mutex(false)
  private let log = Logger("baselines")

  /// - Parameter now: milliseconds since the Unix epoch.
  init(store: Store, now: @escaping @Sendable () -> Int64 = { Clock.wallMicros() / 1_000 }) {
    self.store = store
    self.now = now
    files = BaselineFiles(store)
  }

  /// Tidies up and begins with what waits.
  func start() throws {
    _ = try store.write { try BaselineStore.deleteUnused(in: $0) }
    let kept = try store.read { try BaselineStore.list(in: $0) }
    try files.tidy(keeping: Set(kept.map(\.id)))
    started.withLock { $0 = true }
    let thread = Thread {
      // On Linux the priority is that of the thread that asks.
      _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, 10)
      self.run()
    }
    thread.name = "baselines"
    thread.start()
    fileArrived()
  }

  /// A file to compare may be complete. From any thread; returns at once.
  func fileArrived() { ask(.look) }

  /// Ends with the image that it is at; returns when done.
  func stop() {
    ask(.stop)
    if started.withLock({ $0 }) {
      ended.wait()
      // For whoever stops it once more.
      ended.signal()
    }
  }

  private func ask(_ new: Wish) {
    let isFirst = wish.withLock { wish in
      defer { if wish != .stop { wish = new } }
      return wish == .none
    }
    // A thread that waits for its next try is not to be woken but by the end.
    if isFirst || new == .stop { wished.signal() }
  }

  private func run() {
    defer { ended.signal() }
    while true {
      wished.wait()
      let now = wish.withLock { wish in
        defer { if wish == .look { wish = .none } }
        return wish
      }
      if now == .stop || !compareAll() { return }
    }
  }

  /// Compares what waits; false when it is to stop.
  private func compareAll() -> Bool {
    while wish.withLock({ $0 }) != .stop {
      do {
        guard try compareNext() else { return true }
      } catch {
        log.warning("cannot store a comparison; trying again", ["error": "\(error)"])
        // A file that arrives meanwhile ends the pause early, which does no harm.
        _ = wished.wait(timeout: .now() + Self.retrySecs)
        wish.withLock { if $0 == .look { $0 = .none } }
      }
    }
    return false
  }

  /// Compares the file that has waited longest; false when none waits.
  ///
  /// - Throws: what the store does; the file waits on then.
  func compareNext() throws -> Bool {
    let (next, baseline) = try store.read { db in
      let next = try ComparisonStore.waiting(in: db)
      let baseline = try next.flatMap {
        try BaselineStore.current($0.comparison.name, of: $0.configuration, in: db)
      }
      return (next, baseline)
    }
    guard let next else { return false }
    var result = next.comparison
    result.isDone = true
    do {
      let percent = try percent(of: next.file, against: baseline)
      if let baseline {
        result.percent = percent
        result.baseline = baseline.id
      }
      try finish(result, of: next, was: baseline)
    } catch let error as SystemError where error.code != ENOSPC {
      log.warning("cannot keep a baseline", ["error": "\(error)"])
      result.problem = "it cannot be kept as a baseline; the coordinator's log says why"
      try fail(result, next.file)
    } catch let problem as ImageProblem {
      result.problem = problem.text
      try fail(result, next.file)
    }
    return true
  }

  /// What stands against comparing a file.
  private struct ImageProblem: Error { var text: String }

  /// Nil when there is nothing to compare with; then it is only seen that it is an image.
  private func percent(
    of file: OutputFileRecord, against baseline: BaselineRecord?
  ) throws(ImageProblem) -> Double? {
    let image = try decode(
      store.outputFiles.path(of: file.id, execution: file.execution), "it")
    guard let baseline else { return nil }
    let expected = try decode(files.path(baseline.id), "baseline \(baseline.id)")
    return ImageDifference(image, expected).percent
  }

  private func decode(_ path: String, _ what: String) throws(ImageProblem) -> DecodedImage {
    do {
      return try ImageReader.read(path, seconds: Limits.comparedImageSecsMax)
    } catch let refusal as ImageRefusal {
      throw ImageProblem(text: what == "it" ? "\(refusal)" : "\(what): \(refusal)")
    } catch {
      log.warning("cannot read an image", ["error": "\(error)"])
      throw ImageProblem(text: "the content of \(what) cannot be read")
    }
  }

  /// Stores a result, and the baseline where there was none. When that is another one by now, the
  /// file goes on waiting and is compared with it next.
  private func finish(
    _ result: ComparisonRecord, of next: WaitingComparison, was baseline: BaselineRecord?
  ) throws {
    try store.write { db in
      let current = try BaselineStore.current(result.name, of: next.configuration, in: db)
      guard current?.id == baseline?.id else { return }
      var result = result
      if baseline == nil {
        guard try OutputFileStore.find(next.file.id, in: db) != nil else { return }
        result.isFirstVersion = true
        result.baseline = try files.makeBaseline(
          next.file, named: result.name, of: next.configuration, isFirst: true, atMs: now(),
          in: store, db
        ).id
      }
      try ComparisonStore.update(result, in: db)
    }
  }

  private func fail(_ result: ComparisonRecord, _ file: OutputFileRecord) throws {
    let text =
      "Output file \(file.id) '\(file.metadata.name)' could not be compared with how "
      + "'\(result.name)' looks: \(result.problem ?? "")"
    try store.write { db in
      guard try ComparisonStore.update(result, in: db) else { return }
      let at = now()
      try LogStore.insert(
        LogRecord(
          id: 0, execution: file.execution, createdAtMs: at, updatedAtMs: at, loggedAtMs: at,
          level: "Warning", message: text, isSystem: true), in: db)
    }
  }
}
