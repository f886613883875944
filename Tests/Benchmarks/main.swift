import Foundation

// Usage: throng-bench [ingest] [read] [beside] [delete] [agent] [k6]. Numbers mean something in a
// release build only.

let wanted = Set(CommandLine.arguments.dropFirst())

do {
  if wanted.isEmpty || wanted.contains("ingest") { try IngestBenchmark.run() }
  if wanted.isEmpty || wanted.contains("read") { try ReadBenchmark.run() }
  if wanted.isEmpty || wanted.contains("beside") { try BesideBenchmark.run() }
  if wanted.isEmpty || wanted.contains("delete") { try DeleteBenchmark.run() }
  if wanted.isEmpty || wanted.contains("agent") { try AgentBenchmark.run() }
  if wanted.isEmpty || wanted.contains("k6") { try K6Benchmark.run() }
} catch {
  FileHandle.standardError.write(Data("throng-bench: \(error)\n".utf8))
  exit(1)
}
