import Foundation

/// Work that calls itself deeply.
enum LargeStack {
  /// Filled once by the thread, read once behind the semaphore.
  ///
  /// `@unchecked Sendable`: the semaphore orders the two.
  private final class Box<Value>: @unchecked Sendable {
    var value: Value?
    let isFilled = DispatchSemaphore(value: 0)
  }

  /// Runs `work` on a thread of its own with a stack of so many bytes, and waits for it.
  static func run<Value: Sendable>(
    bytes: Int, _ work: @escaping @Sendable () -> Value
  ) -> Value {
    let box = Box<Value>()
    let thread = Thread {
      box.value = work()
      box.isFilled.signal()
    }
    thread.name = "large-stack"
    thread.stackSize = bytes
    thread.start()
    box.isFilled.wait()
    guard let value = box.value else { preconditionFailure("the thread signals when it is done") }
    return value
  }
}
