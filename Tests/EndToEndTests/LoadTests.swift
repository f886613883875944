import Foundation
import Shared
import TestSupport
import XCTest

/// Loads other than so many iterations of each client.
final class LoadTests: XCTestCase {
  func test_sharedIterations_areExactOnThreeAgents_alsoWhenExtended() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      steps: cluster.get("/"), regions: [("eu-west", 6), ("us-east", 3)],
      "\"iterationSleepSecs\":0.3,\"load\":{\"model\":\"sharedIterations\",\"iterations\":31}")
    try execution.waitUntilCount(12)
    try execution.send("POST", "/live-extension", body: "{\"newDuration\":9}", expect: 422)
    try execution.send("POST", "/live-extension", body: "{\"newIterations\":58}")
    let record = try execution.waitUntilCompleted()
    XCTAssertEqual(record["expectedResultCount"]?.intValue, 58)
    XCTAssertEqual(record["load"]?["iterations"]?.intValue, 58)
    let accounting = try Accounting(execution, cluster)
    try accounting.check()
    XCTAssertEqual(accounting.log.count, 58)
    // 58 over 9 clients: the first four run one more.
    for (client, done) in Dictionary(
      grouping: zip(
        try accounting.results.numbers("client"), try accounting.results.numbers("iteration")),
      by: \.0)
    {
      XCTAssertEqual(done.count, client < 4 ? 7 : 6, "client \(client)")
    }
  }
}
