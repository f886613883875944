import Foundation
import Shared
import XCTest

final class ThreadPriorityTests: XCTestCase {
  func test_oneThreadYields_othersDoNot() {
    let before = ThreadPriority.steps
    let done = DispatchSemaphore(value: 0)
    nonisolated(unsafe) var steps: Int32 = -1
    let thread = Thread {
      if ThreadPriority.yieldToOthers() { steps = ThreadPriority.steps }
      done.signal()
    }
    thread.start()
    done.wait()
    XCTAssertEqual(steps, ThreadPriority.yieldingSteps)
    XCTAssertEqual(ThreadPriority.steps, before)
  }
}
