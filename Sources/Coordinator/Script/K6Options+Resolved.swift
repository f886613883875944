import Shared

extension K6Options {
  /// The options as `exec.test.options` shows them: shortcuts stand for the scenario `default`.
  static func resolved(_ options: JSONObject, _ configuration: K6Configuration) -> JSONObject {
    var resolved = options
    let name = configuration.scenario.name
    let given = options["scenarios"]?.objectValue?[name]?.objectValue
    var scenario = JSONObject()
    scenario["executor"] = .string(configuration.goal.executor)
    for member in ["startTime", "gracefulStop", "env", "exec", "tags"] { scenario[member] = .null }
    for (member, value) in (given ?? shortcuts(options, configuration)).members {
      scenario[member] = value
    }
    resolved["scenarios"] = .object([name: .object(scenario)])
    return resolved
  }

  private static func shortcuts(
    _ options: JSONObject, _ configuration: K6Configuration
  ) -> JSONObject {
    var scenario = JSONObject()
    func take(_ member: String, from option: String) {
      scenario[member] = options[option] ?? .null
    }
    switch configuration.goal.model {
    case .rampingClients:
      scenario["startVUs"] = options["vus"] ?? .int(1)
      take("stages", from: "stages")
      take("gracefulRampDown", from: "gracefulRampDown")
    case .closed where configuration.goal.iterations == nil:
      scenario["vus"] = .int(Int64(configuration.clients))
      take("duration", from: "duration")
    case .closed, .sharedIterations, .arrivalRate:
      scenario["vus"] = .int(Int64(configuration.clients))
      scenario["iterations"] = options["iterations"] ?? .int(1)
      take("maxDuration", from: "duration")
    }
    return scenario
  }
}
