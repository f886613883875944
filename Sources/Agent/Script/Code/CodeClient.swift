import Shared

/// A client of a `Code` script, on the engine's side of the seam.
final class CodeClient: UserScript {
  private let realm: CodeRealm
  /// Its place among the clients of the realm.
  let slot: Int

  init(realm: CodeRealm, slot: Int) {
    self.realm = realm
    self.slot = slot
  }

  func beginIteration(_ number: Int) -> ScriptAction {
    realm.begin(slot: slot, iteration: number)
    return .goesOnByItself
  }

  func requestFinished(
    _ operation: Int32, _ response: borrowing ScriptResponse, checks: any CheckSink
  ) -> ScriptAction {
    realm.respond(slot: slot, operation: operation, to: response)
    return .goesOnByItself
  }

  func sleepFinished() -> ScriptAction { .goesOnByItself }

  func waitFinished(_ event: JSONValue?) -> ScriptAction { .goesOnByItself }

  func abandon() { realm.abandon(slot: slot) }
}
