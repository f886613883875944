import Shared

extension ExecutionController {
  /// Logs how many iterations were asked for in vain, by an arrival rate or by a number that did
  /// not fit into the time: a load below the one asked for must not go unnoticed. Off the loop.
  func tellDropped(_ id: ExecutionID) {
    let dropped = (try? ingester.snapshot(id) { $0.merged().droppedIterations }) ?? 0
    guard dropped > 0 else { return }
    loop.execute {
      guard let live = self.executions[id] else { return }
      let reason =
        if case .arrivalRate = live.machine.goal.model {
          "no client was free when they were to begin, of \(live.record.concurrentClients)"
        } else {
          "the time was up before they began"
        }
      self.perform(
        [.log(level: "Warning", "\(dropped) iterations were dropped: \(reason)")], on: live)
    }
  }
}
