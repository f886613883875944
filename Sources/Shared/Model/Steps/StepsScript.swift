/// A scenario of the declarative kind, read and found valid.
public struct StepsScript: Sendable, Equatable {
  /// At least one.
  public var steps: [Step]
  /// Names of the variables that requests extract, each once.
  public var variables: [String]

  /// Reads a script: an object with `steps`.
  ///
  /// Throws all that is wrong with it, each with the path of its field (`steps[2].request.url`).
  public static func parse(_ json: JSONValue) throws(ValidationError) -> StepsScript {
    var parser = StepsParser()
    return try parser.parse(json)
  }

  /// Reads a script's text. Malformed JSON is an error of the field `""`.
  public static func parse(text: String) throws(ValidationError) -> StepsScript {
    let json: JSONValue
    do {
      json = try JSONValue.parse(untrusted: Array(text.utf8))
    } catch {
      throw ValidationError("", "malformed JSON: \(error)")
    }
    return try parse(json)
  }
}
