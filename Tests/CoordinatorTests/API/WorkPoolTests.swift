import Dispatch
import Shared
import Synchronization
import XCTest

@testable import Coordinator

final class WorkPoolTests: XCTestCase {
  func test_jobs_areAllDone_byNoMoreThreadsThanAllowed() {
    let pool = WorkPool(name: "test", threadsMax: 3)
    let running = Mutex((now: 0, most: 0, done: 0))
    for _ in 0..<500 {
      pool.submit {
        running.withLock {
          $0.now += 1
          $0.most = max($0.most, $0.now)
        }
        running.withLock {
          $0.now -= 1
          $0.done += 1
        }
      }
    }
    pool.stop()
    XCTAssertEqual(running.withLock { $0.done }, 500)
    XCTAssertLessThanOrEqual(running.withLock { $0.most }, 3)
  }

  func test_jobsThatWaitForEachOther_runAtOnce() {
    let pool = WorkPool(name: "test", threadsMax: 4)
    let gate = DispatchGroup()
    let met = DispatchGroup()
    for _ in 0..<4 { gate.enter() }
    for _ in 0..<4 {
      met.enter()
      pool.submit {
        gate.leave()
        gate.wait()
        met.leave()
      }
    }
    XCTAssertEqual(met.wait(timeout: .now() + 10), .success)
    pool.stop()
  }

  func test_idleThread_isWokenForTheNextJob() {
    let pool = WorkPool(name: "test", threadsMax: 1)
    let done = DispatchSemaphore(value: 0)
    for _ in 0..<200 {
      pool.submit { done.signal() }
      XCTAssertEqual(done.wait(timeout: .now() + 10), .success)
    }
    pool.stop()
  }
}
