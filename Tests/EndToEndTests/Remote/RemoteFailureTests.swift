import Foundation
import Shared
import TestSupport
import XCTest

/// What operators get to read when something is wrong.
final class RemoteFailureTests: XCTestCase {
  private func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (code: Int32, errors: String) {
    let child = try ChildProcess(product: "throng", arguments, environment: environment)
    let code = try child.waitForExit()
    return (code, child.errors)
  }

  func test_noCoordinator_isNamedWithWhatToDo() throws {
    let port = try FreePort.refusing()
    let url = "http://127.0.0.1:\(port)"
    for arguments in [
      ["list", "--server", url], ["--server", url, "list"], ["--server=\(url)", "test", "list"],
      ["test", "--server", url, "list"], ["watch", "1", "--server", url],
      ["logs", "1", "-f", "--server", url],
    ] {
      let (code, errors) = try run(arguments)
      XCTAssertEqual(code, 1, errors)
      XCTAssert(errors.hasPrefix("throng: cannot reach \(url): Connection refused\n"), errors)
      XCTAssert(errors.contains("THRONG_SERVER"), errors)
    }
    let named = try run(["list"], environment: ["THRONG_SERVER": "http://no-such-host.invalid"])
    XCTAssertEqual(named.code, 1)
    XCTAssert(named.errors.contains("no-such-host.invalid"), named.errors)
  }

  func test_badCommandLines_end104NamingWhatIsWrong() throws {
    for (arguments, words) in [
      (["list", "--colour"], "--colour"), (["show"], "ID is missing"), (["show", "abc"], "abc"),
      (["test"], "throng test create"), (["test", "jump"], "test jump"),
      (["--colour", "list"], "--colour"), (["list", "--server", "ftp://host"], "ftp://host"),
      (["extend", "1"], "--iterations or --duration"), (["report", "1"], "--pdf"),
      (["list", "--limit", "many"], "--limit"), (["start", "missing.js"], "missing.js"),
      (["test", "create", "x.js", "-u", "0"], "x.js"), (["completion", "tcsh"], "bash"),
      (["list", "--server"], "--server"), (["start", "3", "-u", "5"], "--users"),
      (["strat", "x.js"], "did you mean throng start?"),
      (["test", "craete"], "did you mean throng test create?"),
      (["list", "--perod", "7d"], "did you mean --period?"),
      (["--sever", "x", "list"], "did you mean --server?"),
      (["start", "missing.js"], "No such file or directory"),
      (["start", "/"], "Is a directory"), (["run", "/"], "Is a directory"),
      (["extend", "1", "-i", "1", "-d", "1s"], "exclude each other"),
      (["report", "1", "--pdf", "a", "--csv", "a"], "cannot both be a"),
      (["results", "1", "2"], "\"2\""), (["logs", "1", "-f", "-n", "3"], "--follow"),
    ] {
      let (code, errors) = try run(arguments)
      XCTAssertEqual(code, 104, "\(arguments): \(errors)")
      XCTAssert(errors.contains(words), "\(arguments): \(errors)")
    }
  }

  func test_problems_areLines() throws {
    let remote = try RemoteCluster()
    let missing = try remote.throng("show", "77", expect: 1).errors
    XCTAssertEqual(missing, "throng: no execution 77\n")
    XCTAssertEqual(
      try remote.throng("show", "latest", expect: 1).errors,
      "throng: there is no execution yet\n")
    try remote.directory.write(
      "bad.json", #"{"name":"x","regions":["mars"],"concurrentClients":1,"colour":2}"#)
    let bad = try remote.throng("test", "create", "bad.json", expect: 104).errors
    for words in ["regions[0]: there is no region 'mars'", "colour: ", "scriptId: "] {
      XCTAssert(bad.contains(words), "\(words) is missing in \(bad)")
    }
    XCTAssertFalse(bad.contains("{"), bad)
    let watch = try remote.throng("watch", "77", expect: 1).errors
    XCTAssert(watch.contains("no execution 77"), watch)
    for (words, part) in [("zone", "--pdf"), ("har", "--har")] {
      // Whether or not the route is there, an unknown execution has no report.
      let report = try remote.throng("report", "77", part, "x.\(words)", expect: 1).errors
      XCTAssert(report.hasPrefix("throng: "), report)
    }
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: remote.directory.path), ["bad.json"])
  }

  func test_serversThatAreNoCoordinators_areToldApart() throws {
    let talker = try RawServer.talksNonsense()
    let nonsense = try run(["list", "--server", "127.0.0.1:\(talker.port)"])
    XCTAssertEqual(nonsense.code, 1)
    XCTAssert(nonsense.errors.contains("cannot reach"), nonsense.errors)
    let nginx = try NginxServer()
    let other = try run(["list", "--server", nginx.url])
    XCTAssertEqual(other.code, 1)
    XCTAssert(other.errors.contains("not as a coordinator does"), other.errors)
    let cutter = try RawServer.resetsMidBody()
    let cut = try run(["list", "--server", "127.0.0.1:\(cutter.port)"])
    XCTAssertEqual(cut.code, 1)
    XCTAssertFalse(cut.errors.isEmpty)
  }

  func test_pagesOfSomethingElse_areNeitherReportsNorLogs() throws {
    let directory = try TemporaryDirectory()
    // A portal, as hotels have them: every path is a page.
    let portal = try RawServer { stream in
      _ = try stream.read()
      try stream.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 4\r\n"
          + "Connection: close\r\n\r\n<p>!")
    }
    for words in [
      "list", "list --json", "show 1", "watch 1", "logs 1", "logs -f 1", "report 1 --pdf a.pdf",
      "report 1 --junit -", "results 1 --csv b.csv", "script show 1",
    ] {
      let child = try ChildProcess(
        product: "throng",
        words.split(separator: " ").map(String.init) + ["--server", "127.0.0.1:\(portal.port)"],
        directory: directory.path)
      XCTAssertEqual(try child.waitForExit(), 1, words)
      XCTAssert(
        child.errors.contains("not as a coordinator does (text/html, not "), child.errors)
      XCTAssertEqual(child.output, "", words)
    }
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: directory.path), [])
  }

  func test_mistakesInFiles_areShownInTheirPlace() throws {
    let directory = try TemporaryDirectory()
    let json = try directory.write("bad.json", "{\n  \"steps\": [,]\n}\n")
    let code = try directory.write("bad.js", "module.exports = () => {\n")
    for (command, file, words) in [
      ("start", json, "bad.json:2:13: not JSON: unexpected ','"), ("run", json, "bad.json:2:13"),
      ("start", code, "bad.js:2:1: "), ("run", code, "bad.js:2:1: "),
    ] {
      let (status, errors) = try run([command, file])
      XCTAssertEqual(status, 104, errors)
      XCTAssert(errors.contains(words), errors)
      XCTAssert(errors.hasSuffix("^\n"), "only the place is shown: \(errors)")
    }
  }

  func test_certificates_areVerifiedUnlessToldOtherwise() throws {
    let nginx = try NginxServer()
    let strict = try run(["list", "--server", nginx.tlsURL])
    XCTAssertEqual(strict.code, 1)
    XCTAssert(strict.errors.contains("certificate"), strict.errors)
    // Behind the certificate nginx answers, which is no coordinator.
    for flags in [["--server-ca", nginx.caFile], ["--server-insecure"]] {
      let trusted = try run(["list", "--server", nginx.tlsURL] + flags)
      XCTAssert(trusted.errors.contains("status 404"), trusted.errors)
    }
    let missing = try run(["list", "--server", nginx.tlsURL, "--server-ca", "no.pem"])
    XCTAssertEqual(missing.code, 104)
    XCTAssert(missing.errors.contains("no.pem"), missing.errors)
  }

  func test_proxies_areThoseOfTheEnvironment() throws {
    let proxy = try RawServer { stream in
      let line = try stream.readLine() ?? ""
      let body = "[{\"id\":1,\"name\":\"\(line.dropLast())\"}]"
      try stream.write(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
    let child = try ChildProcess(
      product: "throng", ["script", "list", "--server", "http://throng.invalid"],
      environment: ["http_proxy": "http://127.0.0.1:\(proxy.port)"])
    XCTAssertEqual(try child.waitForExit(), 0, child.errors)
    XCTAssert(child.output.contains("GET http://throng.invalid/scripts HTTP/1.1"), child.output)
  }

  func test_cutDownload_leavesNothing() throws {
    let directory = try TemporaryDirectory()
    let server = try RawServer { stream in
      _ = try stream.read()
      try stream.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\na,b\n1,2\n")
    }
    let child = try ChildProcess(
      product: "throng",
      ["report", "1", "--csv", "out.csv", "--server", "127.0.0.1:\(server.port)"],
      directory: directory.path)
    XCTAssertEqual(try child.waitForExit(), 1)
    XCTAssert(child.errors.contains("cannot reach"), child.errors)
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: directory.path), [])
  }

  func test_interruptedDownload_leavesNothing() throws {
    let directory = try TemporaryDirectory()
    let server = try RawServer { stream in
      _ = try stream.read()
      try stream.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\na,b\n")
      _ = stream.waitUntilClosed()
    }
    let child = try ChildProcess(
      product: "throng",
      ["report", "1", "--csv", "out.csv", "--server", "127.0.0.1:\(server.port)"],
      directory: directory.path)
    try Poll.until("a temporary file") {
      try !FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty
    }
    child.send(signal: SIGINT)
    XCTAssertEqual(try child.waitForExit(), 130)
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: directory.path), [])
  }

  func test_closedAndFullOutputs_areNoCrash() throws {
    let remote = try RemoteCluster()
    let throng = ChildProcess.productsDirectory + "/throng"
    for (command, code) in [
      ("'\(throng)' agents >&-", 1), ("'\(throng)' agents > /dev/full", 1),
      // As other tools, it ends by the pipe's signal, which is no message.
      ("set -o pipefail; '\(throng)' help | true; exit 0", 0),
      ("'\(throng)' agents 2>&- <&-", 0), ("'\(throng)' jump 2>&-", 104),
    ] as [(String, Int32)] {
      let shell = try ChildProcess(
        executable: "/bin/bash", ["-c", command], environment: ["THRONG_SERVER": remote.server])
      XCTAssertEqual(try shell.waitForExit(), code, "\(command): \(shell.errors)")
      XCTAssertFalse(shell.errors.contains("Fatal"), shell.errors)
    }
    let endless = try endless()
    let pipe = try ChildProcess(
      executable: "/bin/bash",
      ["-c", "'\(throng)' results 1 --csv - | head -c 20; echo ${PIPESTATUS[0]}"],
      environment: ["THRONG_SERVER": "127.0.0.1:\(endless.port)"])
    XCTAssertEqual(try pipe.waitForExit(), 0)
    XCTAssert(pipe.output.hasSuffix("141\n"), pipe.output)
    XCTAssertEqual(endless.connections, 2)
    XCTAssertEqual(pipe.errors, "")
  }

  /// Answers every request with JSON of an execution, and results without an end.
  private func endless() throws -> RawServer {
    try RawServer { stream in
      guard let line = try stream.readLine() else { return }
      try stream.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
      guard line.contains(".csv") else { return try stream.write("{\"id\":1}") }
      while true { try stream.write(String(repeating: "1,2,3\n", count: 10_000)) }
    }
  }
}
