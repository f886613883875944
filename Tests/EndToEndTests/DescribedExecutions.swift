import Foundation
import Shared
import TestSupport
import XCTest

/// A cluster with executions in several states, and targets below them.
final class DescribedExecutions {
  let cluster: Cluster
  /// Whose script did everything that leaves something behind.
  let finished: Execution
  let running: Execution
  let waiting: Execution

  /// A screenshot of one pixel, and a text.
  private static let pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    + "rkJggg=="

  private static func script(_ url: String) -> String {
    """
    const pixel = Uint8Array.from(atob('\(pixel)'), (c) => c.charCodeAt(0));

    module.exports = async () => {
      const page = await http.get('\(url)/json');
      check(page, { 'is there': (r) => r.status === 200, 'is not': (r) => r.status === 404 });
      await http.get('\(url)/status/503', { name: 'broken' });
      await describe('Page', () => {
        it('answers', () => { if (page.status !== 200) throw new Error('no'); });
        it('is blue', () => {
          output.file('shot.png', pixel, 'image/png', { compare: true });
          output.file('notes.txt', 'red', 'text/plain');
          throw new Error('it is red');
        });
      });
      results.counter('sold', 2);
      results.histogram('colour', 'red');
      results('shelf').timing('look', 1.5);
      log.info('done');
    };
    """
  }

  init() throws {
    cluster = try Cluster(Cluster.threeAgents)
    let regions = [("eu-west", 2), ("us-east", 1)]
    finished = try cluster.start(
      code: Self.script(cluster.nginx.url), regions: regions,
      #""iterations":2,"tracing":{"all":true},"limits":[{"metric":"firstReceivedMs","#
        + #""statistic":"p95","op":"<","value":0.000001},"#
        + #"{"metric":"success","statistic":"count","op":">","value":0}]"#)
    try finished.waitUntilCompleted()
    running = try cluster.start(
      steps: "\(cluster.get("/json")),{\"sleepMs\":20}", regions: [("eu-west", 2)],
      "\"durationSecs\":600")
    waiting = try cluster.start(
      steps: cluster.get("/"), regions: [("us-east", 1)], "\"iterations\":5,\"manualStart\":true")
    try running.waitUntilCount(10)
  }

  /// Ids by the segment of a path that they follow; nothing for what there is none of.
  func ids(of execution: Execution) throws -> [String: String] {
    func id(_ value: JSONValue?) -> String? { value?["id"]?.intValue.map { String($0) } }
    func first(_ path: String) throws -> String? {
      let response = try cluster.http.get(path)
      return response.status == 200 ? id(try response.json()[0]) : nil
    }
    let trace = try id(execution.get("/traces")[0])
    let resource = try id(execution.get("/resources")[0]?["resource"])
    return [
      "executions": String(execution.id), "scripts": try first("/scripts"),
      "test-confs": try first("/test-confs"), "data-tables": try first("/data-tables"),
      "regions": try first("/regions"), "agents": try first("/agents"),
      "execution-traces": trace, "traces": trace,
      "output-files": try id(execution.get("/output-files")[0]), "resources": resource,
      "execution regions": try id(execution.get()["regions"]?[0]),
      "data-stores": try first("/data-stores"),
    ].compactMapValues { $0 }
  }
}
