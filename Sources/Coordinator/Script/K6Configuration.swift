import Shared

/// What the `options` of a k6 script come to.
public struct K6Configuration: Sendable, Equatable {
  /// What is run, and how it is told apart.
  public struct Scenario: Sendable, Equatable {
    public var name = "default"
    /// The exported function that is an iteration.
    public var exec = "default"
    /// Added to `__ENV`.
    public var env = JSONObject()
    /// Added to the tags of everything that the scenario measures.
    public var tags = JSONObject()

    public init() {}
  }

  public var goal: LoadGoal
  public var clients: Int
  public var scenario: Scenario
  /// Whether the test waits for its manual start.
  public var manualStart = false

  // Life of the script.

  public var runsSetup = true
  public var runsTeardown = true
  public var setupTimeoutSecs = 60.0
  public var teardownTimeoutSecs = 60.0
  /// Whether cookies stay from one iteration of a client to the next.
  public var keepsCookies = false
  /// Whether a failed request throws instead of returning a response with an error.
  public var throwsOnFailure = false
  public var discardsBodies = false

  // Requests.

  public var verifyTLS = true
  public var redirectsMax = 10
  /// Whether every request gets a connection of its own.
  public var closesConnections = false
  public var userAgent: String?
  /// Requests of one `http.batch` that are made at once, in all and per host.
  public var batch = 20
  public var batchPerHost = 6

  // What is measured.

  /// Added to the tags of everything.
  public var tags = JSONObject()
  /// As they stand in the options.
  public var thresholds = JSONObject()
  public var summaryTrendStats: [String]?

  /// What was left aside although it was asked for; to be shown to whoever starts the test.
  public var warnings: [String] = []

  init(goal: LoadGoal, clients: Int, scenario: Scenario = Scenario()) {
    self.goal = goal
    self.clients = clients
    self.scenario = scenario
  }
}
