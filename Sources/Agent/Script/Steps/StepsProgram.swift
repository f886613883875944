import Shared

/// A script compiled for one lease: immutable, shared by all clients of the lease.
final class StepsProgram: Sendable {
  enum Instruction: Sendable {
    case request(CompiledRequest)
    case sleep(ClosedRange<Int64>)
    /// Waits for an event, whose contents go to the slot.
    case waitForEvent(String, timeoutMicros: Int64, slot: Int)
    /// Sets the loop counter; goes to `exit` when there is nothing to repeat.
    case enterLoop(counter: Int, count: LoopTimes, exit: Int)
    /// Goes back to `start` as long as the counter, counted down, is above zero.
    case repeatLoop(counter: Int, start: Int)
    /// Goes to `otherwise` when the condition does not hold.
    case branch(CompiledCondition, otherwise: Int)
    case jump(Int)
  }

  enum LoopTimes: Sendable {
    case fixed(Int)
    case value(ValueSource)
  }

  /// Ends at the end of the list.
  let instructions: [Instruction]
  /// Each name once; checks of the same name are counted together.
  let checkNames: [String]
  /// Variables that a client has room for.
  let slotCount: Int
  /// Loops that can be open at once.
  let counterCount: Int
  /// Random numbers of a client follow from this and its index.
  let seed: UInt64

  /// Compiles a script; `params` is the configuration's `scriptParams`.
  ///
  /// Throws when a regular expression does not compile here.
  convenience init(script: StepsScript, params: JSONValue) throws {
    // A fresh seed per lease: two runs of a test must not make the same "unique" values.
    try self.init(script: script, params: params, seed: UInt64.random(in: 0...UInt64.max))
  }

  init(script: StepsScript, params: JSONValue, seed: UInt64) throws {
    var compiler = StepsCompiler(variables: script.variables, params: params)
    try compiler.compile(script.steps, depth: 0)
    instructions = compiler.instructions
    checkNames = compiler.checkNames
    slotCount = script.variables.count
    counterCount = compiler.counterCount
    self.seed = seed
  }
}
