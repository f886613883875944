import Glibc
import Shared

extension Problem {
  private static let log = Logger("coordinator.api")

  /// What an error of a handler is answered with. What the client cannot help is logged and not
  /// shown to it.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let error as ValidationError: self = .invalid(error.errors)
    case let error as JSONParseError where error.isTooCostly:
      self.init(.bodyTooLarge, "at byte \(error.offset): \(error.message)")
    case let error as JSONParseError:
      self.init(.malformedJSON, "at byte \(error.offset): \(error.message)")
    case let error as ControlError: self.init(error)
    case let error as DatabaseError where error.isDiskFull: self = .diskFull(error)
    case let error as SystemError where error.code == ENOSPC: self = .diskFull(error)
    default:
      Self.log.error("request failed", ["error": "\(error)"])
      self.init(.internalError, "the coordinator failed; its log says why")
    }
  }

  private static func diskFull(_ error: any Error) -> Problem {
    log.error("disk full", ["error": "\(error)"])
    return Problem(.diskFull, "the coordinator has no disk space left; nothing was changed")
  }

  private init(_ error: ControlError) {
    switch error {
    case .notFound(let what): self.init(.notFound, what)
    case .conflict(let why): self.init(.conflict, why)
    case .tooMany(let what): self.init(.tooManyRequests, what)
    case .invalid(let errors): self = .invalid(errors)
    }
  }
}
