import Shared
import TestSupport
import XCTest

@testable import Agent

/// Built-in objects, which all clients of a script share on a thread.
final class SharedBuiltinsTests: XCTestCase {
  /// Runs `bad` in the first iteration of the first of two clients; the other one's iterations
  /// find everything as it was.
  private func run(
    _ bad: String, file: StaticString = #filePath, line: UInt = #line
  ) throws -> EngineHarness {
    let harness = try EngineHarness.run(
      bad: bad,
      then: """
        await sleep(0.002);
        if (vu.index === 0) return;
        const mapped = [1, 2].map((x) => x + 1);
        const [first, ...rest] = [...mapped, new Map([[1, 2]]).get(1)];
        let keys = 0;
        for (const key in { a: 1 }) keys += 1;
        check(null, {
          arrays: () => first === 2 && rest.length === 2 && rest.join() === '3,2',
          json: () => JSON.stringify({ a: [1] }) === '{"a":[1]}',
          promises: () => Promise.resolve(1) instanceof Promise,
          patterns: () => 'a1b2'.replace(/\\d/g, '') === 'ab' && /x/g.global,
          objects: () => String({}) === '[object Object]' && keys === 1 && {}.evil === undefined,
          math: () => Math.max(1, 2) === 2 && Math.random() < 1,
        });
        """, iterations: 10, file: file, line: line)
    let others = harness.iterations.filter { $0.client == 1 }
    XCTAssertEqual(others.count, 10, bad, file: file, line: line)
    XCTAssertFalse(others.contains(where: \.failed), bad, file: file, line: line)
    for (name, counts) in harness.checks {
      XCTAssertEqual(counts[1], 0, "\(name) after \(bad)", file: file, line: line)
    }
    return harness
  }

  func test_whatIsFixed_cannotBeChanged() throws {
    for bad in [
      "JSON.stringify = () => 'evil';", "Math.random = () => 4;", "Math.evil = 1;",
      "Promise.prototype.then = () => {};", "String.prototype.evil = 1;",
      "Map.prototype.get = () => 'evil';", "delete String.prototype.replace;",
      "Object.defineProperty(Array.prototype, 'evil', { value: 1 });",
      "Object.defineProperty(Array.prototype, 'map', { value: 1 });",
      "Object.setPrototypeOf(Array.prototype, null);", "Object.freeze(Object.prototype);",
      "Error.prototype.toString = () => 'evil';", "http.get = () => 'evil';",
      "(async () => {}).constructor.prototype.call = 1;", "Object.keys = () => [];",
      "RegExp.prototype.exec = () => null;", "Uint8Array.prototype.set = 1;",
    ] {
      let harness = try run(bad)
      let failed = harness.iterations.filter(\.failed).map { [$0.client, $0.iteration] }
      XCTAssertEqual(failed, [[0, 0]], bad)
      let log = harness.logs.map(\.message).joined(separator: "\n")
      XCTAssert(log.contains("TypeError") && log.contains("test.js:"), "\(bad): \(log)")
    }
  }

  func test_whatIsChanged_isPutBackBeforeAnotherClientsTurn() throws {
    for bad in [
      "Array.prototype.map = () => 'evil';", "Object.prototype.evil = 1;",
      "Array.prototype[Symbol.iterator] = function* () { yield 'evil'; };",
      "Object.prototype.toString = () => 'evil';", "Array.prototype.evil = 1;",
      "Object.getPrototypeOf([].values()).next = () => ({ done: true });",
      "delete RegExp.prototype.global;", "delete Array.prototype.join;",
      "Array.prototype.__proto__ = { evil: 1 };", "Array.prototype.push.call(Array.prototype, 1);",
      "Object.prototype[Symbol.toPrimitive] = () => 'evil';",
    ] {
      let harness = try run(bad)
      let log = harness.logs.map(\.message).joined(separator: "\n")
      XCTAssert(log.contains("TypeError: the script has changed "), "\(bad): \(log)")
    }
  }

  func test_ordinaryScripts_goOnWorking() throws {
    let harness = try EngineHarness(
      code: """
        class Failure extends Error {
          constructor(message) { super(message); this.name = 'Failure'; }
        }
        function Old(message) { this.message = message; }
        Old.prototype = Object.create(Error.prototype);
        Old.prototype.constructor = Old;
        Old.prototype.toString = function () { return 'old ' + this.message; };
        Error.stackTraceLimit = 50;
        globalThis.Promise2 = Promise;
        globalThis.Map = class extends Map {};
        module.exports = async () => {
          const error = new Error('a');
          error.message = 'b';
          error.toString = () => 'own';
          const object = { };
          object.toString = () => 'x';
          object.constructor = 1;
          const list = [];
          list.push = () => 7;
          const f = () => 1;
          f.toString = () => 'f';
          check(null, {
            errors: () => String(error) === 'own' && error.message === 'b',
            classes: () => String(new Failure('m')) === 'Failure: m',
            old: () => String(new Old('m')) === 'old m' && new Old('').constructor === Old,
            own: () => String(object) === 'x' && object.constructor === 1 && list.push() === 7,
            functions: () => String(f) === 'f',
            globals: () => globalThis.Promise2 === Promise && globalThis.Map !== Map
              && globalThis.JSON === JSON && globalThis.Array === Array,
          });
        };
        """, lease: .forTests(clients: 2, iterations: 2), turnMs: 2_000)
    _ = harness.run()
    XCTAssertEqual(harness.checks.count, 6, harness.logs.map(\.message).joined())
    for (name, counts) in harness.checks { XCTAssertEqual(counts, [4, 0], name) }
  }

  func test_polyfills_areThereForAllClients_andFixedThen() throws {
    let harness = try EngineHarness(
      code: """
        if (!Array.prototype.penultimate) {
          Object.defineProperty(Array.prototype, 'penultimate', {
            value() { return this[this.length - 2]; }, writable: true, configurable: true,
          });
        }
        String.prototype.shout = function () { return this.toUpperCase() + '!'; };
        Math.double ??= (x) => 2 * x;
        module.exports = async () => {
          let error = '';
          try { Math.double = () => 0; } catch (caught) { error = caught.name; }
          let keys = 0;
          for (const key in [1]) keys += 1;
          check(null, {
            works: () => [1, 2].penultimate() === 1 && 'a'.shout() === 'A!' && Math.double(2) === 4,
            fixed: () => error === 'TypeError',
            hidden: () => keys === 1,
          });
        };
        """, lease: .forTests(clients: 3, iterations: 2), turnMs: 2_000)
    _ = harness.run()
    XCTAssertEqual(harness.checks, ["works": [6, 0], "fixed": [6, 0], "hidden": [6, 0]])
    let changed = try EngineHarness(code: "JSON.parse = () => 1; module.exports = () => {};")
    XCTAssert(try XCTUnwrap(changed.loadProblem()).contains("test.js:1"))
  }

  func test_callsThatWouldTakeGigabytes_areRefused() throws {
    let harness = try EngineHarness(
      code: """
        const big = 'x'.repeat(1 << 20);
        const calls = {
          replaceAll: () => big.replaceAll('x', 'y'.repeat(4096)),
          replace: () => big.replace(/x/g, "$'"),
          pattern: () => big.replaceAll(/x/g, 'y'.repeat(1000)),
          concat: () => big.concat(...new Array(300).fill(big)),
          join: () => new Array(1e6).join('y'.repeat(1000)),
          nested: () => {
            let a = ['x'.repeat(4096)];
            for (let i = 0; i < 32; i++) a = [a, a];
            return String(a);
          },
          json: () => {
            let a = { k: 'x'.repeat(1000) };
            for (let i = 0; i < 32; i++) a = { l: a, r: a };
            return JSON.stringify(a);
          },
          texts: () => JSON.stringify({ a: 1, b: new Array(1000).fill({ s: big }) }),
          raw: () => String.raw({ raw: new Array(400).fill(big) }),
          normalize: () => big.repeat(16).normalize('NFKD'),
          split: () => big.repeat(64).split(''),
          transfer: () => new ArrayBuffer(8).transfer(2 ** 33),
          from: () => Uint8Array.from({ length: 2 ** 33 }),
          encode: () => encodeURIComponent(big.repeat(64)),
          fill: () => { const a = []; a.length = 1e8; return a.fill(0); },
        };
        module.exports = () => {
          for (const name of Object.keys(calls)) {
            let found = 'through';
            try { calls[name](); } catch (error) { found = error.name; }
            log.info(name, found);
          }
          check(null, {
            ordinary: () => 'aXbX'.replace('X', '-') === 'a-bX'
              && 'aXbX'.replaceAll('X', '-') === 'a-b-'
              && 'aXbX'.replace(/X/g, (x) => x + 1) === 'aX1bX1'
              && [1, [2, 3], null].join('-') === '1-2,3-'
              && JSON.stringify({ a: [1, { b: 'x' }], d: new Date(0) }) === '{"a":[1,{"b":"x"}],'
                + '"d":"1970-01-01T00:00:00.000Z"}'
              && 'a,b'.split(',').length === 2 && 'a'.concat('b', 1) === 'ab1'
              && String.raw`a\\n${1}` === 'a\\\\n1'
              && (big + 'q').replaceAll('q', big).length === 2 << 20,
          });
        };
        """, turnMs: 10_000)
    let before = ProcessMemory.residentBytes()
    _ = harness.run()
    let outcomes = harness.logs.map(\.message)
    XCTAssertEqual(outcomes.count, 15)
    for outcome in outcomes { XCTAssert(outcome.hasSuffix(" RangeError"), outcome) }
    XCTAssertEqual(harness.checks, ["ordinary": [1, 0]])
    XCTAssertLessThan(ProcessMemory.residentBytes() - before, 512 << 20)
  }
}
