import Glibc
import Foundation
import Synchronization

/// How much a log line matters; the numbers are syslog's, which journald reads from `<N>`.
public enum LogLevel: Int, Sendable, Comparable, CaseIterable {
  case error = 3
  case warning = 4
  case notice = 5
  case info = 6
  case debug = 7

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  public init?(name: String) {
    guard let level = Self.allCases.first(where: { String(describing: $0) == name }) else {
      return nil
    }
    self = level
  }
}

public enum LogFormat: String, Sendable, CaseIterable { case text, json }

/// Writes what a part of the program says to standard error, one line each.
public struct Logger: Sendable {
  private struct Settings {
    var level = LogLevel.info
    var format = LogFormat.text
    /// Under systemd, standard error is a socket to journald, which adds time and reads `<N>`.
    var journal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil
  }

  private static let settings = Mutex(Settings())

  /// For all loggers of the process, from now on.
  public static func configure(level: LogLevel, format: LogFormat) {
    settings.withLock {
      $0.level = level
      $0.format = format
    }
  }

  private let label: String

  public init(_ label: String) { self.label = label }

  public func error(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
    write(.error, message, fields)
  }
  public func warning(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
    write(.warning, message, fields)
  }
  public func notice(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
    write(.notice, message, fields)
  }
  public func info(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
    write(.info, message, fields)
  }
  public func debug(
    _ message: @autoclosure () -> String,
    _ fields: @autoclosure () -> KeyValuePairs<String, String> = [:]
  ) {
    guard Self.settings.withLock({ $0.level >= .debug }) else { return }
    write(.debug, message(), fields())
  }

  private func write(
    _ level: LogLevel, _ message: String, _ fields: KeyValuePairs<String, String>
  ) {
    let settings = Self.settings.withLock { $0 }
    guard level <= settings.level else { return }
    let time = ISOTime.text(micros: Clock.systemMicros())
    var line =
      settings.format == .json
      ? jsonLine(time, level, message, fields) : textLine(time, level, message, fields, settings)
    line.append("\n")
    let bytes = Array(line.utf8)
    // One call, so that lines of different threads never mix.
    _ = Glibc.write(2, bytes, bytes.count)
  }

  private func textLine(
    _ time: String, _ level: LogLevel, _ message: String,
    _ fields: KeyValuePairs<String, String>, _ settings: Settings
  ) -> String {
    var line = settings.journal ? "<\(level.rawValue)>" : "\(time) \(level) "
    line += "\(label): \(TerminalText.escaped(message))"
    for (key, value) in fields { line += " \(key)=\(Self.quoted(value))" }
    return line
  }

  private func jsonLine(
    _ time: String, _ level: LogLevel, _ message: String, _ fields: KeyValuePairs<String, String>
  ) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    for (key, value) in [
      ("time", time), ("level", String(describing: level)), ("label", label), ("message", message),
    ] {
      writer.key(key)
      writer.string(value)
    }
    for (key, value) in fields {
      writer.key(key)
      writer.string(value)
    }
    writer.endObject()
    return TerminalText.escapedJSON(String(decoding: writer.bytes, as: UTF8.self))
  }

  private static func quoted(_ text: String) -> String {
    // What peers send ends up in logs; a newline of theirs must not look like a line of ours.
    let text = TerminalText.escaped(text)
    return text.contains(" ") ? "\"\(text)\"" : text
  }
}
