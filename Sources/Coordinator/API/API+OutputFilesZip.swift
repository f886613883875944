import Glibc
import Shared

extension API {
  /// The files that `output-files` lists, in folders of clients and iterations or all in one.
  func downloadOutputFiles(_ context: RouteContext) throws -> HTTPResponse {
    let target = try store.read { try ExecutionTarget(context, in: $0) }
    let execution = target.execution.id
    var query = context.query
    let selection = OutputFileSelection(&query, of: execution)
    let isFlat = query.bool("flat", default: false)
    try query.finish()
    var files = try files(selection, of: execution, try origins(of: execution))[...]
    var names = UniqueNames()
    var missing: [String]? = []
    let store = store
    let now = now
    return .stream(
      "application/zip", filename: "execution-\(execution)-output-files.zip",
      .zip {
        while let file = files.popFirst() {
          let moment = file.metadata.moment
          let name = names.path(
            SafeName.file(file.metadata.name),
            in: isFlat ? "" : "user-\(moment.client)/iteration-\(moment.iteration)/")
          switch try Self.content(of: file, in: store) {
          case .there(let reader):
            return ZipEntry(
              name, modifiedAtMs: file.metadata.atMicros / 1_000, size: file.size
            ) { try reader.next() }
          case .missing(let why): missing?.append("\(name): file \(file.id) \(why)\n")
          }
        }
        guard let lines = missing, !lines.isEmpty else { return nil }
        missing = nil
        let list = names.path("missing-files.txt")
        return ZipEntry(list, modifiedAtMs: now(), lines.flatMap { Array($0.utf8) })
      })
  }

  private enum Content {
    case there(OutputFileReader)
    case missing(String)
  }

  /// Opens a file. One that is not there any more or is damaged is no reason to keep back the
  /// others, but the archive has to say what it lacks.
  private static func content(
    of file: OutputFileRecord, in store: Store
  ) throws -> Content {
    let path = store.outputFiles.path(of: file.id, execution: file.execution)
    do {
      let reader = try OutputFileReader(path: path)
      let size = try reader.size()
      guard size == file.size else {
        return .missing("is damaged: \(size) of \(file.size) bytes are there")
      }
      return .there(reader)
    } catch let error as OutputFileError where error.code == ENOENT {
      return .missing("was deleted meanwhile")
    }
  }
}
