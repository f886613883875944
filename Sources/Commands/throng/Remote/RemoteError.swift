import Shared

/// Why a coordinator could not be asked, or did not do it.
enum RemoteError: Error, CustomStringConvertible {
  /// No connection, or none that lasts. The server's URL, and the reason.
  case unreachable(String, String)
  /// It answered that it will not.
  case refused(RemoteProblem)
  /// Ctrl-C or SIGTERM.
  case interrupted
  case failed(String)

  var description: String {
    switch self {
    case .unreachable(let url, let reason):
      """
      cannot reach \(url): \(reason)
      Is a coordinator running there? Say where it is with --server URL or THRONG_SERVER.
      """
    case .refused(let problem): problem.description
    case .interrupted: "interrupted"
    case .failed(let reason): reason
    }
  }

  var exitCode: Int32 {
    switch self {
    case .refused(let problem) where problem.isBadInput: ExitCode.badConfiguration
    case .interrupted: ExitCode.interrupted
    default: ExitCode.failure
    }
  }
}

extension ExitCode {
  /// Ended by Ctrl-C or SIGTERM before it was done, as shells count SIGINT.
  static let interrupted: Int32 = 130
}
