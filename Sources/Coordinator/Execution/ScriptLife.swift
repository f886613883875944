import Shared

/// What a script does once before all clients and once after them: `setup` and `teardown`, each
/// a run of one client on one agent. Pure.
struct ScriptLife: Sendable {
  /// Where one of them is.
  enum Stage: Equatable, Sendable {
    /// The script has none.
    case absent
    /// → `running`, `over`.
    case due
    /// → `over`.
    case running(LeaseKey)
    case over
  }

  private(set) var setup: Stage
  private(set) var teardown: Stage
  /// What `setup` returned, as JSON; empty when there is none.
  private(set) var data = ""

  init(hasSetup: Bool = false, hasTeardown: Bool = false) {
    setup = hasSetup ? .due : .absent
    teardown = hasTeardown ? .due : .absent
  }

  /// Whether the clients may be allocated.
  var isReadyForLoad: Bool { setup == .absent || setup == .over }

  /// The run under way, if one is.
  var running: LeaseKey? {
    if case .running(let key) = setup { return key }
    if case .running(let key) = teardown { return key }
    return nil
  }

  mutating func setupGranted(_ key: LeaseKey) { setup = .running(key) }

  /// - Parameter json: what it returned.
  mutating func setupFinished(_ json: String) {
    setup = .over
    data = json
  }

  /// `setup` did not come to its end: then there is nothing to tear down.
  mutating func setupFailed() {
    setup = .over
    teardown = .over
  }

  mutating func teardownGranted(_ key: LeaseKey) { teardown = .running(key) }

  mutating func teardownOver() { teardown = .over }
}
