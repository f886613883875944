/// An integer id that cannot be confused with the id of another kind of thing.
public struct Identifier<Entity>: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  public var rawValue: Int64

  public init(_ rawValue: Int64) { self.rawValue = rawValue }

  public init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(Int64.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  public var description: String { String(rawValue) }
}

/// The kinds of thing that have ids; none has a value.
public enum Entities {
  public enum Script {}
  public enum TestConfiguration {}
  public enum Region {}
  public enum Agent {}
  public enum Execution {}
  public enum ExecutionRegion {}
  public enum Chunk {}
  public enum Name {}
  public enum DataTable {}
  public enum Baseline {}
}

public typealias ScriptID = Identifier<Entities.Script>
public typealias TestConfigurationID = Identifier<Entities.TestConfiguration>
public typealias RegionID = Identifier<Entities.Region>
/// The coordinator's number for an agent; the agent's own identity is a UUID.
public typealias AgentID = Identifier<Entities.Agent>
public typealias ExecutionID = Identifier<Entities.Execution>
public typealias ExecutionRegionID = Identifier<Entities.ExecutionRegion>
public typealias ChunkID = Identifier<Entities.Chunk>
public typealias DataTableID = Identifier<Entities.DataTable>
public typealias BaselineID = Identifier<Entities.Baseline>
/// An interned string: a resource, a method, a content type.
public typealias NameID = Identifier<Entities.Name>
