import CJavaScriptCore
import Glibc
import Synchronization

/// A JavaScript heap with its compiled code; realms (`JavaScriptContext`) live in it.
///
/// Confined to the thread that makes it. What runs in it is watched: a script that holds the
/// thread for too long, or takes too much memory while it does, is ended with an exception that
/// it cannot catch.
public final class JavaScriptEngine {
  /// What a script may use between two moments at which it waits.
  public struct Allowance: Sendable {
    /// Milliseconds that it may hold the thread.
    public var turnMs: Int
    /// Bytes by which the process may grow meanwhile.
    public var growthBytes: Int64

    public init(
      turnMs: Int = Limits.scriptTimeoutMs, growthBytes: Int64 = Limits.scriptGrowthBytesMax
    ) {
      self.turnMs = turnMs
      self.growthBytes = growthBytes
    }
  }

  /// Why a script was ended.
  public enum Stop: Equatable, Sendable {
    case time
    case memory

    /// For people.
    public func description(_ allowance: Allowance) -> String {
      switch self {
      case .time:
        "the script held its thread for more than \(allowance.turnMs) ms without waiting for "
          + "anything"
      case .memory: "the script took more than \(allowance.growthBytes >> 20) MiB of memory"
      }
    }
  }

  let group: JSContextGroupRef
  /// A realm for `turnEndedBefore`; made early, because none can be made when it is needed.
  private let lightningRod: JSGlobalContextRef
  /// A function of the lightning rod that does nothing; kept for as long as the engine lives.
  private let idle: JSObjectRef?
  public var allowance: Allowance
  /// Why the present or latest turn was ended, nil when it was not.
  public private(set) var stop: Stop?
  /// Monotonic nanoseconds at which the present turn began, 0 between turns. Atomic for the
  /// monitor, which reads it on its own thread.
  let turnStart = Atomic<Int64>(0)
  /// Resident bytes when the turn was first looked at.
  private var residentAtFirst: Int64?

  /// Seconds of CPU time between two looks at a script that does not return.
  private static let lookSeconds = 0.02

  /// Options of JavaScriptCore, which it reads from the environment once, before it makes its
  /// first engine.
  private static let applyOptions: Void = {
    // Compiled code looks by itself whether it is to end. The other way, a thread that stops it by
    // signals, now and then aborts the process when scripts are ended at once.
    setenv("JSC_usePollingTraps", "1", 0)
  }()

  public init(allowance: Allowance = .init()) {
    self.allowance = allowance
    Self.applyOptions
    JSRemoteInspectorSetInspectionEnabledByDefault(false)
    group = JSContextGroupCreate()
    lightningRod = JSGlobalContextCreateInGroup(group, nil)
    idle = Self.makeIdleFunction(in: lightningRod)
    watch(after: Self.lookSeconds)
    JSContextGroupAddHeapFinalizer(group, collected, Unmanaged.passUnretained(self).toOpaque())
    TurnMonitor.shared.add(self)
  }

  deinit {
    TurnMonitor.shared.remove(self)
    JSContextGroupRemoveHeapFinalizer(
      group, collected, Unmanaged.passUnretained(self).toOpaque())
    if let idle { JSValueUnprotect(lightningRod, idle) }
    JSGlobalContextRelease(lightningRod)
    JSContextGroupRelease(group)
  }

  private static func makeIdleFunction(in context: JSGlobalContextRef) -> JSObjectRef? {
    let body = JSStringRef.make("")
    defer { JSStringRelease(body) }
    let function = JSObjectMakeFunction(context, nil, 0, nil, body, nil, 1, nil)
    if let function { JSValueProtect(context, function) }
    return function
  }

  /// A realm goes: unhandled rejections in it are of no interest any more.
  func takeRejectionCallback(of context: JSGlobalContextRef) {
    guard let idle else { return }
    var exception: JSValueRef?
    JSGlobalContextSetUnhandledRejectionCallback(context, idle, &exception)
  }

  /// Frees what no script holds on to any more, now. Takes up to a second where there is much.
  public func collectGarbage() { JSSynchronousGarbageCollectForDebugging(lightningRod) }

  /// A turn begins: to be called before a script is entered. Cheap.
  @inline(__always)
  public func beginTurn(now: Int64) {
    turnStart.store(now, ordering: .relaxed)
    if stop != nil { turnEndedBefore() }
    residentAtFirst = nil
  }

  /// The script has returned, and so have all that waited for promises that it kept.
  @inline(__always)
  public func endTurn() { turnStart.store(0, ordering: .relaxed) }

  /// The order to end may still be about, and would meet a script that has done nothing: it is
  /// drawn by scripts of no consequence first.
  private func turnEndedBefore() {
    stop = nil
    watch(after: Self.lookSeconds)
    let script = JSStringRef.make("0")
    defer { JSStringRelease(script) }
    for _ in 0..<3 {
      var exception: JSValueRef?
      _ = JSEvaluateScript(lightningRod, script, nil, nil, 1, &exception)
      if exception == nil { break }
    }
    stop = nil
  }

  private func watch(after seconds: Double) {
    JSContextGroupSetExecutionTimeLimit(
      group, seconds, looked, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Whether the script is to be ended now.
  fileprivate func look() -> Bool {
    if let reason = overdue() {
      stop = reason
      return true
    }
    watch(after: Self.lookSeconds)
    return false
  }

  private func overdue() -> Stop? {
    if stop != nil { return stop }
    let began = turnStart.load(ordering: .relaxed)
    if Clock.monotonicNanos() - began >= Int64(allowance.turnMs) * 1_000_000 { return .time }
    let resident = ProcessMemory.residentBytes()
    let first = residentAtFirst ?? resident
    residentAtFirst = first
    return resident - first >= allowance.growthBytes ? .memory : nil
  }

  /// After a garbage collection. An endless chain of promises never stays in one entry for as
  /// long as a look takes, but it leaves garbage: from here the next entry is ended at once.
  fileprivate func collectedGarbage() {
    guard turnStart.load(ordering: .relaxed) > 0, stop == nil, let reason = overdue() else {
      return
    }
    endNow(reason)
  }

  private func endNow(_ reason: Stop) {
    stop = reason
    watch(after: 0)
  }

  /// In a signal's handler on the script's thread, while compiled code of the script runs: no
  /// lock of the library is held then.
  func interrupted() {
    if turnStart.load(ordering: .relaxed) > 0, stop == nil { endNow(.time) }
  }
}

private func looked(_ context: JSContextRef?, _ data: UnsafeMutableRawPointer?) -> Bool {
  guard let data else { return true }
  return Unmanaged<JavaScriptEngine>.fromOpaque(data).takeUnretainedValue().look()
}

private func collected(_ group: JSContextGroupRef?, _ data: UnsafeMutableRawPointer?) {
  guard let data else { return }
  Unmanaged<JavaScriptEngine>.fromOpaque(data).takeUnretainedValue().collectedGarbage()
}
