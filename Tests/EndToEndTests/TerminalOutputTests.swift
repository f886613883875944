import Shared
import TestSupport
import XCTest

/// What scripts, agents and servers say never steers the terminal of whoever reads it.
final class TerminalOutputTests: XCTestCase {
  /// As it stands in a JavaScript or JSON text: clears the screen, and turns the direction.
  private let hostile = #"a\u001b[2Jb\u009b31mc\u202ed\u2066e\u0007"#

  private func assertHarmless(
    _ text: String, file: StaticString = #filePath, line: UInt = #line
  ) {
    let found = text.unicodeScalars.filter {
      TerminalText.steers($0) && $0 != "\n" && $0 != "\t"
    }
    XCTAssertTrue(found.isEmpty, "\(found) in \(text)", file: file, line: line)
  }

  func test_run_escapesWhatTheScriptSays() throws {
    let nginx = try NginxServer()
    let directory = try TemporaryDirectory()
    let file = try directory.write(
      "load.js",
      """
      import http from 'k6/http';
      export default function () {
        http.get('\(nginx.url)/');
        console.log('log \(hostile)');
      }
      export function handleSummary() {
        return { stdout: 'out \(hostile) \\u001b[32mgreen\\u001b[0m\\n',
          stderr: 'err \(hostile)\\n',
          'file.txt': '\(hostile)' };
      }
      """)
    let run = try ChildProcess(
      product: "throng", ["run", file, "-i", "1", "-q"], directory: directory.path)
    XCTAssertEqual(try run.waitForExit(), 0, run.errors)
    assertHarmless(run.output)
    assertHarmless(run.errors)
    XCTAssertEqual(
      run.output, #"out a\u{1b}[2Jb\u{9b}31mc\u{202e}d\u{2066}e\u{7} green"# + "\n")
    XCTAssertTrue(run.errors.contains(#"log a\u{1b}[2J"#), run.errors)
    XCTAssertTrue(run.errors.contains(#"err a\u{1b}[2J"#), run.errors)
    // A file is no terminal.
    XCTAssertEqual(
      try directory.read("file.txt"), "a\u{1b}[2Jb\u{9b}31mc\u{202e}d\u{2066}e\u{7}")
  }

  func test_run_escapesWhatIsWrongWithTheScript() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("load.js", "throw new Error('x \(hostile)')")
    let run = try ChildProcess(product: "throng", ["run", file, "-i", "1"])
    XCTAssertNotEqual(try run.waitForExit(), 0)
    assertHarmless(run.errors)
    XCTAssertTrue(run.errors.contains(#"x a\u{1b}[2J"#), run.errors)
  }

  func test_logs_escapeWhatAgentsSay() throws {
    for format in ["text", "json"] {
      let coordinator = try CoordinatorProcess(["--log-format", format])
      let stream = try TCPStream(port: coordinator.agentPort)
      let join = JoinMessage(
        protocol: 1, agentId: "a", bootNo: 1, spoolId: "s", name: "n", region: "r", labels: [:],
        capacity: 1, version: "v", resume: [])
      try stream.write(AgentMessage.join(join).encode())
      try stream.write("{\"type\":\"leave\",\"reason\":\"\(hostile) \u{85}\u{2028}\"}\n")
      let line = try coordinator.process.waitForLine(containing: "agent drains", in: .errors)
      assertHarmless(line)
      XCTAssertTrue(line.contains("[2Jb"), line)
      if format == "json" {
        XCTAssertEqual(
          try JSONValue.parse(text: line)["reason"]?.stringValue,
          "a\u{1b}[2Jb\u{9b}31mc\u{202e}d\u{2066}e\u{7} \u{85}\u{2028}")
      }
    }
  }

  func test_remoteCommands_escapeWhatTheCoordinatorKeeps() throws {
    let coordinator = try CoordinatorProcess()
    let server = "http://127.0.0.1:\(coordinator.httpPort)"
    let script = try coordinator.http.send(
      "POST", "/scripts",
      body: #"{"name":"\#(hostile)","content":{"steps":[{"sleepMs":1}]}}"#)
    XCTAssertEqual(script.status, 201, script.text)
    for words in [
      ["script", "list"], ["script", "list", "--json"], ["script", "show", "x\u{1b}"],
    ] {
      let command = try ChildProcess(product: "throng", words + ["--server", server])
      _ = try command.waitForExit()
      assertHarmless(command.output)
      assertHarmless(command.errors)
    }
  }
}
