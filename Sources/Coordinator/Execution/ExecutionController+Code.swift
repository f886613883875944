import Shared

extension ExecutionController {
  /// The script of a configuration, compiled and looked at; nil when it is no `Code` script. From
  /// any thread; blocks for some 100 ms.
  func preparedCode(for id: TestConfigurationID) throws -> PreparedCode? {
    let found = try store.read { db -> (TestConfigurationRecord, ScriptRecord)? in
      guard let configuration = try TestConfigurationStore.find(id, in: db),
        let script = try ScriptStore.find(configuration.script, in: db)
      else { return nil }
      return (configuration, script)
    }
    guard let (configuration, script) = found, script.kind == .code else { return nil }
    let params = (try? JSONValue.parse(text: configuration.scriptParams))?.objectValue
    do {
      return try PreparedCode(
        source: script.content, file: script.fileName, files: script.openableFiles,
        params: params ?? JSONObject(), environment: environment)
    } catch let error as ScriptError {
      throw ControlError.invalid([FieldError(field: "scriptId", message: "\(error)")])
    } catch let error as ValidationError {
      throw ControlError.invalid(error.errors)
    }
  }
}
