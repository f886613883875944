import Shared

extension ExecutionController {
  /// Logs how many iterations an arrival rate asked for in vain: a test that asked for less than
  /// it seems to have must not go unnoticed. Off the loop.
  func tellDropped(_ id: ExecutionID) {
    let dropped = (try? ingester.snapshot(id) { $0.merged().droppedIterations }) ?? 0
    guard dropped > 0 else { return }
    loop.execute {
      guard let live = self.executions[id] else { return }
      self.perform(
        [
          .log(
            level: "Warning",
            "\(dropped) iterations were dropped: no client was free when they were to begin, of "
              + "\(live.record.concurrentClients)")
        ], on: live)
    }
  }
}
