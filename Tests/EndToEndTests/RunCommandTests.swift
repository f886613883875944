import Foundation
import Shared
import TestSupport
import XCTest

/// `throng run`: everything in one process.
final class RunCommandTests: XCTestCase {
  func test_run_reportsWhatNginxSaw() throws {
    let nginx = try NginxServer()
    let directory = try TemporaryDirectory()
    let run = try ChildProcess(
      product: "throng",
      [
        "run", "\(nginx.url)/json", "--region", "eu-west=3", "--region", "us-east=2", "-i", "20",
        "--json", directory.file("out.json"), "--csv", directory.file("out.csv"),
      ])
    XCTAssertEqual(try run.waitForExit(), 0, run.errors)
    let log = try nginx.accessLog()
    XCTAssertEqual(log.count, 100)
    let csv = try CSVReader(directory.read("out.csv"))
    XCTAssertEqual(csv.rows.count, 100)
    let json = try JSONValue.parse(text: directory.read("out.json"))
    XCTAssertEqual(json["summary"]?["count"]?.intValue, 100)
    XCTAssertEqual(json["regions"]?.arrayValue?.count, 2)
    for words in ["http_reqs", "avg=", "min=", "med=", "max=", "p(90)=", "p(95)=", "iterations"] {
      XCTAssert(run.output.contains(words), "\(words) is missing in\n\(run.output)")
    }
    XCTAssert(run.output.contains(": 100 "), run.output)
  }

  func test_checks_areShownWithMarks() throws {
    let nginx = try NginxServer()
    let directory = try TemporaryDirectory()
    let script = """
      {"steps":[{"request":{"url":"\(nginx.url)/json"},
        "check":[{"status":200},{"bodyContains":"no such words"}]}]}
      """
    let file = try directory.write("script.json", script)
    let run = try ChildProcess(product: "throng", ["run", file, "-u", "2", "-i", "3", "-q"])
    XCTAssertEqual(try run.waitForExit(), 0, run.errors)
    XCTAssert(run.output.contains("✓"), run.output)
    XCTAssert(run.output.contains("✗"), run.output)
    XCTAssertEqual(try nginx.accessLog().count, 6)
  }

  func test_interrupt_stopsGracefullyWithASummary() throws {
    let nginx = try NginxServer()
    let directory = try TemporaryDirectory()
    let run = try ChildProcess(
      product: "throng",
      ["run", "\(nginx.url)/", "-u", "3", "-d", "10m", "--csv", directory.file("out.csv")])
    try Poll.until("nginx has been asked") { try nginx.requestsSoFar() > 10 }
    run.send(signal: SIGINT)
    XCTAssertEqual(try run.waitForExit(seconds: 20), 105)
    XCTAssert(run.output.contains("http_reqs"), run.output)
    XCTAssertEqual(
      try CSVReader(directory.read("out.csv")).rows.count, try nginx.accessLog().count)
  }

  func test_interrupt_stopsAScriptGracefully_whateverThreadsItsEngineHas() throws {
    let nginx = try NginxServer()
    let directory = try TemporaryDirectory()
    let file = try directory.write(
      "load.js", "module.exports = async () => { await http.get('\(nginx.url)/') }")
    let run = try ChildProcess(product: "throng", ["run", file, "-u", "3", "-d", "10m"])
    try Poll.until("nginx has been asked") { try nginx.requestsSoFar() > 10 }
    run.send(signal: SIGINT)
    XCTAssertEqual(try run.waitForExit(seconds: 20), 105)
    XCTAssert(run.output.contains("http_reqs"), run.output)
  }

  func test_secondInterrupt_endsAtOnceAndLeavesNothing() throws {
    let nginx = try NginxServer()
    let directory = try TemporaryDirectory()
    let run = try ChildProcess(
      product: "throng", ["run", "\(nginx.url)/", "-u", "1", "-d", "10m"],
      environment: ["TMPDIR": directory.path])
    try Poll.until("nginx has been asked") { try nginx.requestsSoFar() > 10 }
    for _ in 0..<2 { run.send(signal: SIGINT) }
    // Two that come at once may count as one: the third is a second one then.
    try Poll.until("the end") {
      if run.isRunning { run.send(signal: SIGINT) }
      return !run.isRunning
    }
    XCTAssertEqual(try run.waitForExit(), 105)
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: directory.path), [])
  }

  func test_ownSummary_isWrittenAsFarAsItCanBe() throws {
    let nginx = try NginxServer()
    let directory = try TemporaryDirectory()
    let file = try directory.write(
      "load.js",
      """
      import http from 'k6/http';
      export default function () { http.get('\(nginx.url)/'); }
      export function handleSummary() {
        return { 'no/folder.json': '{}', 'there.txt': 'text', stdout: 'all of it\\n' };
      }
      """)
    let throng = ChildProcess.productsDirectory + "/throng"
    let run = try ChildProcess(
      product: "throng", ["run", file, "-i", "1", "-q", "--csv", "out.csv"],
      directory: directory.path)
    XCTAssertEqual(try run.waitForExit(), 1)
    XCTAssert(run.errors.contains("handleSummary: write no/folder.json: No such file"), run.errors)
    XCTAssertEqual(run.output, "all of it\n")
    XCTAssertEqual(try directory.read("there.txt"), "text")
    XCTAssertEqual(try CSVReader(directory.read("out.csv")).rows.count, 1)
    let full = try ChildProcess(
      executable: "/bin/bash", ["-c", "'\(throng)' run load.js -i 1 -q >/dev/full"],
      directory: directory.path)
    XCTAssertEqual(try full.waitForExit(), 1)
    XCTAssertFalse(full.errors.contains("Fatal"), full.errors)
  }

  func test_filesThatCannotBeWritten_areNamedBeforeTheTest() throws {
    let nginx = try NginxServer()
    for flag in ["--csv", "--json"] {
      for path in ["/no/such/folder/out", "/"] {
        let run = try ChildProcess(
          product: "throng", ["run", "\(nginx.url)/", "-u", "1", "-i", "1", flag, path])
        XCTAssertEqual(try run.waitForExit(), 1)
        XCTAssert(run.errors.contains("write \(path)"), run.errors)
        XCTAssertEqual(run.output, "")
      }
    }
    XCTAssertEqual(try nginx.accessLog().count, 0)
  }

  func test_pipes_areWrittenInto_notReplaced() throws {
    let nginx = try NginxServer()
    let directory = try TemporaryDirectory()
    let pipe = directory.file("pipe")
    XCTAssertEqual(mkfifo(pipe, 0o600), 0)
    let reader = try ChildProcess(executable: "/bin/cat", [pipe])
    let run = try ChildProcess(
      product: "throng", ["run", "\(nginx.url)/", "-u", "1", "-i", "3", "-q", "--csv", pipe])
    XCTAssertEqual(try run.waitForExit(), 0, run.errors)
    XCTAssertEqual(try reader.waitForExit(), 0)
    XCTAssertEqual(try CSVReader(reader.output).rows.count, 3)
    var status = stat()
    XCTAssertEqual(stat(pipe, &status), 0)
    XCTAssertEqual(status.st_mode & S_IFMT, S_IFIFO)
    let full = try ChildProcess(
      product: "throng",
      ["run", "\(nginx.url)/", "-u", "1", "-i", "1", "-q", "--json", "/dev/full"])
    XCTAssertEqual(try full.waitForExit(), 1)
    XCTAssert(full.errors.contains("No space left on device"), full.errors)
  }

  func test_targetThatRefuses_isAFailureThatSaysWhy() throws {
    let port = try FreePort.refusing()
    let run = try ChildProcess(
      product: "throng", ["run", "http://127.0.0.1:\(port)/", "-u", "2", "-i", "2"])
    XCTAssertEqual(try run.waitForExit(), 1)
    XCTAssert(run.errors.contains("connectRefused"), run.errors)
  }

  func test_badFlagsAndScripts_end104NamingThem() throws {
    let directory = try TemporaryDirectory()
    let bad = try directory.write("bad.json", "{\"steps\":[{\"request\":{\"colour\":1}}]}")
    let cases: [([String], String)] = [
      (["run"], "URL"),
      (["run", "http://127.0.0.1:1/", "-u", "0"], "--users"),
      (["run", "http://127.0.0.1:1/", "-d", "soon"], "--duration"),
      (["run", "http://127.0.0.1:1/", "-d", "1s", "-i", "1"], "--iterations"),
      (["run", "http://127.0.0.1:1/", "--region", "eu"], "--region"),
      (["run", "http://127.0.0.1:1/", "--colour"], "--colour"),
      (["run", bad], "colour"),
      (["run", directory.file("missing.json")], "missing.json"),
      (["jump"], "jump"),
    ]
    for (arguments, name) in cases {
      let run = try ChildProcess(product: "throng", arguments)
      XCTAssertEqual(try run.waitForExit(), 104, "\(arguments): \(run.errors)")
      XCTAssert(run.errors.contains(name), "\(arguments): \(run.errors)")
    }
  }

  func test_errorsThatNobodyCanRead_stillHaveTheirExitCode() throws {
    for product in ["throng", "throng-coordinator", "throng-agent"] {
      for errors in ["/dev/full", "&-"] {
        let program = "\(ChildProcess.productsDirectory)/\(product)"
        let shell = try ChildProcess(
          executable: "/bin/bash", ["-c", "'\(program)' --colour 2>\(errors)"])
        XCTAssertEqual(try shell.waitForExit(), 104, "\(product) 2>\(errors)")
      }
    }
  }

  func test_everyProgram_hasHelpVersionAndEnvironment() throws {
    for (product, arguments, flags) in [
      ("throng", ["run"], ["--users", "--duration", "--iterations", "--region", "--csv"]),
      ("throng-coordinator", [], ["--http", "--agents", "--data-dir", "--log-level"]),
      ("throng-agent", [], ["--coordinator", "--region", "--capacity", "--state-dir"]),
    ] {
      let help = try ChildProcess(product: product, arguments + ["--help"])
      XCTAssertEqual(try help.waitForExit(), 0)
      for flag in flags {
        XCTAssert(help.output.contains(flag), "\(product) --help does not tell of \(flag)")
        let variable =
          "THRONG_" + flag.dropFirst(2).uppercased().replacingOccurrences(of: "-", with: "_")
        XCTAssert(help.output.contains(variable), "\(product) --help lacks \(variable)")
      }
      XCTAssert(help.output.contains("exit codes"), product)
      let version = try ChildProcess(product: product, ["--version"])
      XCTAssertEqual(try version.waitForExit(), 0)
      XCTAssert(version.output.contains(throngVersion), version.output)
    }
  }

  func test_environment_isReadAndFlagsBeatIt() throws {
    let directory = try TemporaryDirectory()
    let environment = [
      "THRONG_HTTP": "127.0.0.1:0", "THRONG_AGENTS": "127.0.0.1:0",
      "THRONG_DATA_DIR": directory.file("data"), "THRONG_LOG_FORMAT": "json",
    ]
    let coordinator = try ChildProcess(
      product: "throng-coordinator", [], environment: environment)
    try coordinator.waitForLine(containing: "agents listening on")
    XCTAssertEqual(try coordinator.terminate(), 0)
    let line = try XCTUnwrap(coordinator.errors.split(separator: "\n").first)
    XCTAssertEqual(try JSONValue.parse(text: String(line))["level"]?.stringValue, "notice")
    XCTAssert(FileManager.default.fileExists(atPath: directory.file("data")))
    let wrong = try ChildProcess(
      product: "throng-coordinator", [],
      environment: environment.merging(["THRONG_HTTP": "nowhere"]) { $1 })
    XCTAssertEqual(try wrong.waitForExit(), 104)
    let beaten = try ChildProcess(
      product: "throng-coordinator", ["--http", "127.0.0.1:0"],
      environment: environment.merging(["THRONG_HTTP": "nowhere"]) { $1 })
    try beaten.waitForLine(containing: "http listening on 127.0.0.1:")
    XCTAssertEqual(try beaten.terminate(), 0)
  }
}
