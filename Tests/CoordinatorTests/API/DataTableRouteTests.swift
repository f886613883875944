import Foundation
import Shared
import XCTest

@testable import Coordinator

final class DataTableRouteTests: XCTestCase {
  private static let users = "name,password\r\nann,\"x,1\"\r\nbob,y\r\n"

  private func upload(
    _ fixture: APIFixture, _ target: String, _ body: String, type: String = "text/csv"
  ) throws -> Answer {
    let response = fixture.api.handle(
      HTTPRequest("POST", target, headers: [(name: "Content-Type", value: type)], body: body))
    guard case .bytes(let bytes) = response.body else { throw Unexpected(what: "a stream") }
    return Answer(status: response.status, headers: response.headers, body: bytes)
  }

  private func files(_ fixture: APIFixture) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(fixture.store.path)/tables").sorted()
  }

  func test_table_isStored_listed_shown_deleted() throws {
    let fixture = try APIFixture()
    let answer = try upload(fixture, "/data-tables?name=users", Self.users)
    XCTAssertEqual(answer.status, 201, answer.text)
    XCTAssertEqual(answer.header("Location"), "/data-tables/\(try answer.id())")
    let object = try answer.object()
    XCTAssertEqual(object["name"], .string("users"))
    XCTAssertEqual(object["columns"]?.text, #"["name","password"]"#)
    XCTAssertEqual(object["rows"], .int(2))
    XCTAssertEqual(object["length"], .int(Int64(Self.users.utf8.count)))
    XCTAssertNotNil(object["createdAt"]?.stringValue)
    let path = try XCTUnwrap(answer.header("Location"))
    XCTAssertEqual(try fixture.call("GET", path).text, answer.text)
    XCTAssertEqual(try fixture.call("GET", "/data-tables").text, "[\(answer.text)]")
    XCTAssertEqual(try fixture.call("GET", "/data-tables?offset=1").text, "[]")
    XCTAssertEqual(try files(fixture), ["\(try answer.id()).csv"])
    XCTAssertEqual(try fixture.call("DELETE", path).text, answer.text)
    XCTAssertEqual(try fixture.call("GET", path).status, 404)
    XCTAssertEqual(try fixture.call("DELETE", path).status, 404)
    XCTAssertEqual(try files(fixture), [])
  }

  func test_table_mayComeAsJSON() throws {
    let fixture = try APIFixture()
    let body = #"{"name":"users","content":"a,b\r\n1,\"2\n3\"\r\n"}"#
    let answer = try fixture.call("POST", "/data-tables", body)
    XCTAssertEqual(answer.status, 201, answer.text)
    XCTAssertEqual(try answer.object()["rows"], .int(1))
    XCTAssertEqual(
      try fixture.call("POST", "/data-tables", #"{"content":5,"x":1}"#).badFields(),
      ["name", "content", "x"])
    XCTAssertEqual(
      try fixture.call("POST", "/data-tables", #"{"name":"","content":"a,b\n1\n"}"#).badFields(),
      ["name", "content"])
  }

  func test_badTables_areRefusedWithTheirLines_andLeaveNothing() throws {
    let fixture = try APIFixture()
    let ragged = try upload(fixture, "/data-tables?colour=1", "a,b\n1\n2,3\n4,5,6\n")
    XCTAssertEqual(ragged.status, 422)
    XCTAssertEqual(try ragged.badFields(), ["name", "colour", "content", "content"])
    XCTAssertTrue(ragged.text.contains("line 2: has 1 values"), ragged.text)
    XCTAssertTrue(ragged.text.contains("line 4: has 3 values"), ragged.text)
    let broken = try upload(fixture, "/data-tables?name=t", "a,b\n1,\"2\n")
    XCTAssertEqual(broken.status, 422)
    XCTAssertTrue(broken.text.contains("line 2: a quoted value has no end"), broken.text)
    XCTAssertEqual(try upload(fixture, "/data-tables?name=t", "").badFields(), ["content"])
    let long = String(repeating: "n", count: 256)
    XCTAssertEqual(
      try upload(fixture, "/data-tables?name=\(long)", Self.users).badFields(), ["name"])
    XCTAssertEqual(
      try upload(fixture, "/data-tables?name=t", "x", type: "text/plain").status, 415)
    XCTAssertEqual(try fixture.call("GET", "/data-tables").text, "[]")
    XCTAssertEqual(try files(fixture), [])
  }

  func test_upload_goesPastTheMemory() throws {
    let fixture = try APIFixture()
    let api = fixture.api
    var settings = HTTPServer.Settings()
    // What a body in memory may have: the table is much longer.
    settings.bodyBytesMax = 10_000
    let server = try HTTPServer(
      address: HostPort(host: "127.0.0.1", port: 0), settings: settings,
      sink: { api.sink(for: $0) }, handler: { api.handle($0) })
    defer { server.stop() }
    let rows = 20_000
    let body = "n,text\n" + (0..<rows).map { "\($0),\"row, \($0)\"\n" }.joined()
    func head(_ length: String) -> String {
      "POST /data-tables?name=big HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv; "
        + "charset=utf-8\r\n\(length)\r\nConnection: close\r\n\r\n"
    }
    let plain = try SocketClient(port: server.port).exchange(
      Array((head("Content-Length: \(body.utf8.count)") + body).utf8))
    XCTAssertEqual(plain.status, 201, plain.text)
    XCTAssertEqual(try plain.object()["rows"], .int(Int64(rows)))
    let size = String(body.utf8.count, radix: 16)
    let chunked = try SocketClient(port: server.port).exchange(
      Array((head("Transfer-Encoding: chunked") + "\(size)\r\n\(body)\r\n0\r\n\r\n").utf8))
    XCTAssertEqual(chunked.status, 201, chunked.text)
    let stored = try String(
      contentsOfFile: "\(fixture.store.path)/tables/\(try chunked.id()).csv", encoding: .utf8)
    XCTAssertEqual(stored, body)
    let huge = try SocketClient(port: server.port).exchange(
      Array(head("Content-Length: \(Limits.tableBytesMax + 1)").utf8))
    XCTAssertEqual(huge.status, 413)
    XCTAssertEqual(try files(fixture).count, 2)
  }

  func test_start_deletesFilesOfNoTable() throws {
    let fixture = try APIFixture()
    let id = try upload(fixture, "/data-tables?name=users", Self.users).id()
    let files = DataTableFiles(fixture.store)
    for name in ["77.csv", "123.part"] {
      try "a\n".write(
        toFile: "\(files.directory)/\(name)", atomically: false, encoding: .utf8)
    }
    try files.tidy(keeping: [DataTableID(id)])
    XCTAssertEqual(try self.files(fixture), ["\(id).csv"])
  }

  func test_latestTableOfAName_isTheOneThatIsFound() throws {
    let fixture = try APIFixture()
    _ = try upload(fixture, "/data-tables?name=users", Self.users)
    let second = try upload(fixture, "/data-tables?name=users", "a\n1\n").id()
    let found = try fixture.store.read { try DataTableStore.find(name: "users", in: $0) }
    XCTAssertEqual(found?.id, DataTableID(second))
    XCTAssertEqual(found?.columns, ["a"])
    XCTAssertEqual(
      try fixture.store.read { try DataTableStore.index(of: DataTableID(second), in: $0) }, [2])
  }
}
