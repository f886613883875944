// Which number of what was stored cannot be, or nil: files are no more to be trusted than peers.

extension LoadGoal {
  public var numberProblem: String? {
    var check = NumberCheck()
    check.goal("goal", self)
    return check.problem
  }
}

extension HTTPSettings {
  public var numberProblem: String? {
    var check = NumberCheck()
    check.http(self)
    return check.problem
  }
}

extension TraceSettings {
  public var numberProblem: String? {
    var check = NumberCheck()
    check.tracing(self)
    return check.problem
  }
}
