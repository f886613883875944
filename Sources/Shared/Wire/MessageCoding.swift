import Foundation

/// A line that is no message of the protocol.
public enum MessageError: Error, Equatable, Sendable {
  /// Not a JSON object with a `type`, or one whose fields do not fit the type.
  case malformed(String)
  case unknownType(String)
}

private struct TypeProbe: Decodable { var type: String }

extension AgentMessage {
  /// Reads one line, without its newline.
  public static func decode(_ line: [UInt8]) throws(MessageError) -> AgentMessage {
    try decodeMessage(line, \.numberProblem) { type, data, decoder in
      switch type {
      case "join": .join(try decoder.decode(JoinMessage.self, from: data))
      case "granted": .granted(try decoder.decode(GrantedMessage.self, from: data))
      case "heartbeat": .heartbeat(try decoder.decode(HeartbeatMessage.self, from: data))
      case "done": .done(try decoder.decode(DoneMessage.self, from: data))
      case "log": .log(try decoder.decode(LogMessage.self, from: data))
      case "abort": .abort(try decoder.decode(AbortMessage.self, from: data))
      case "ask": .ask(try decoder.decode(AskMessage.self, from: data))
      case "leave": .leave(try decoder.decode(LeaveMessage.self, from: data))
      case "error": .error(try decoder.decode(LinkErrorMessage.self, from: data))
      default: nil
      }
    }
  }

  /// The line, newline included.
  public func encode() -> [UInt8] {
    switch self {
    case .join(let message): encodeLine(message)
    case .granted(let message): encodeLine(message)
    case .heartbeat(let message): encodeLine(message)
    case .done(let message): encodeLine(message)
    case .log(let message): encodeLine(message)
    case .abort(let message): encodeLine(message)
    case .ask(let message): encodeLine(message)
    case .leave(let message): encodeLine(message)
    case .error(let message): encodeLine(message)
    }
  }
}

extension CoordinatorMessage {
  /// Reads one line, without its newline.
  public static func decode(_ line: [UInt8]) throws(MessageError) -> CoordinatorMessage {
    try decodeMessage(line, \.numberProblem) { type, data, decoder in
      switch type {
      case "hello": .hello(try decoder.decode(HelloMessage.self, from: data))
      case "welcome": .welcome(try decoder.decode(WelcomeMessage.self, from: data))
      case "grant": .grant(try decoder.decode(GrantMessage.self, from: data))
      case "begin": .begin(try decoder.decode(BeginMessage.self, from: data))
      case "heartbeatAck": .heartbeatAck(try decoder.decode(HeartbeatAckMessage.self, from: data))
      case "ack": .ack(try decoder.decode(AckMessage.self, from: data))
      case "nack": .nack(try decoder.decode(NackMessage.self, from: data))
      case "extend": .extend(try decoder.decode(ExtendMessage.self, from: data))
      case "stop": .stop(try decoder.decode(StopMessage.self, from: data))
      case "doneAck": .doneAck(try decoder.decode(DoneAckMessage.self, from: data))
      case "answer": .answer(try decoder.decode(AnswerMessage.self, from: data))
      case "event": .event(try decoder.decode(EventMessage.self, from: data))
      case "error": .error(try decoder.decode(LinkErrorMessage.self, from: data))
      default: nil
      }
    }
  }

  /// The line, newline included.
  public func encode() -> [UInt8] {
    switch self {
    case .hello(let message): encodeLine(message)
    case .welcome(let message): encodeLine(message)
    case .grant(let message): encodeLine(message)
    case .begin(let message): encodeLine(message)
    case .heartbeatAck(let message): encodeLine(message)
    case .ack(let message): encodeLine(message)
    case .nack(let message): encodeLine(message)
    case .extend(let message): encodeLine(message)
    case .stop(let message): encodeLine(message)
    case .doneAck(let message): encodeLine(message)
    case .answer(let message): encodeLine(message)
    case .event(let message): encodeLine(message)
    case .error(let message): encodeLine(message)
    }
  }
}

private func decodeMessage<Message>(
  _ line: [UInt8], _ numberProblem: (Message) -> String?,
  _ body: (String, Data, JSONDecoder) throws -> Message?
) throws(MessageError) -> Message {
  let data = Data(line)
  let decoder = JSONDecoder()
  let message: Message?
  let type: String
  do {
    type = try decoder.decode(TypeProbe.self, from: data).type
    message = try body(type, data, decoder)
  } catch {
    throw .malformed(describe(error))
  }
  guard let message else { throw .unknownType(type) }
  if let problem = numberProblem(message) { throw .malformed(problem) }
  return message
}

private func describe(_ error: any Error) -> String {
  switch error as? DecodingError {
  case .keyNotFound(let key, _): return "field \(key.stringValue) is missing"
  case .typeMismatch(_, let context), .valueNotFound(_, let context):
    return "field \(context.codingPath.map(\.stringValue).joined(separator: ".")) has a wrong type"
  default: return "not a JSON object of the protocol"
  }
}

private func encodeLine(_ message: some Encodable) -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .withoutEscapingSlashes
  // Encoding fails only for non-finite numbers; those never stand in a message.
  guard let data = try? encoder.encode(message) else { return [] }
  return [UInt8](data) + [UInt8(ascii: "\n")]
}
