import Shared
import XCTest

@testable import Coordinator

final class LimitStoreTests: XCTestCase {
  private let limit = TestLimit(
    namespace: "User", metric: "m", statistic: .percentile(99.9), op: .lessOrEqual, value: 0.5,
    resource: "GET /", region: "east", afterSecs: 3, stop: true,
    threshold: .init(metric: "m", expression: "p(99.9)<=0.5"))

  func test_limitsOfConfigurations_areStoredWithThem() throws {
    let fixture = try StoreFixture.make(for: self)
    try fixture.store.write { db in
      let script = try ScriptStore.insert(StoreFixture.script(), in: db)
      var record = StoreFixture.configuration(script: script.id)
      record.limits = [self.limit]
      record = try TestConfigurationStore.insert(record, in: db)
      XCTAssertEqual(try TestConfigurationStore.find(record.id, in: db), record)
      XCTAssertEqual(try TestConfigurationStore.list(in: db).first, record)
      record.limits = []
      XCTAssert(try TestConfigurationStore.update(record, in: db))
      XCTAssertEqual(try TestConfigurationStore.find(record.id, in: db), record)
      record.limits = [self.limit, self.limit]
      XCTAssert(try TestConfigurationStore.update(record, in: db))
      XCTAssertEqual(try TestConfigurationStore.find(record.id, in: db), record)
      XCTAssert(try TestConfigurationStore.delete(record.id, in: db))
    }
    XCTAssertEqual(try fixture.count("configuration_limits"), 0)
  }

  func test_limitsOfExecutions_areStoredAsTheyStand_andGoWithThem() throws {
    let fixture = try StoreFixture.make(for: self)
    try fixture.store.write { db in
      var record = try XCTUnwrap(try ExecutionStore.find(fixture.execution, in: db))
      XCTAssertEqual(record.limits, [])
      record.limits = [LimitState(self.limit), LimitState(self.limit)]
      record.limits[1].breached = true
      record.limits[1].measured = 0.75
      record.limitBreached = true
      XCTAssert(try ExecutionStore.update(record, in: db))
      XCTAssertEqual(try ExecutionStore.find(record.id, in: db), record)
      XCTAssertEqual(try ExecutionStore.list(in: db), [record])
      XCTAssertEqual(try ExecutionStore.unfinished(in: db), [record])
    }
    XCTAssertEqual(try fixture.count("execution_limits"), 1)
    try fixture.deleteAndSweep()
    XCTAssertEqual(try fixture.count("execution_limits"), 0)
  }
}
