/// The scripts, and what their loads and code come to.
extension K6Script {
  static let arrivalRate = K6Script(file: "arrival-rate")

  static let batch = K6Script(
    file: "batch", requests: 28, iterations: 4,
    checks: [
      "four pages": [4, 0],
      "in order": [4, 0],
      "form arrived": [4, 0],
      "put arrived": [4, 0],
      "header arrived": [4, 0],
      "missing is missing": [4, 0],
    ])

  static let cookies = K6Script(
    file: "cookies", requests: 30, iterations: 6,
    checks: [
      "first cookie is sent": [6, 0],
      "nothing else is sent": [6, 0],
      "begins without cookies": [6, 0],
      "cookie is set": [6, 0],
      "redirect is not followed": [6, 0],
      "jar has the session": [6, 0],
      "jar has the language": [6, 0],
      "session is sent": [6, 0],
      "language is sent": [6, 0],
      "cookie of one request is sent": [6, 0],
      "cookie of one request is gone": [6, 0],
    ])

  static let customMetrics = K6Script(
    file: "custom-metrics", requests: 10, iterations: 10,
    checks: [
      "ordered three": [10, 0]
    ])

  static let expectedStatuses = K6Script(
    file: "expected-statuses", requests: 16, iterations: 4,
    checks: [
      "statuses are as asked for": [4, 0],
      "none has an error of the network": [4, 0],
    ])

  static let formPost = K6Script(
    file: "form-post", requests: 12, iterations: 3,
    checks: [
      "form is encoded": [3, 0],
      "name arrived": [3, 0],
      "password arrived": [3, 0],
      "file arrived": [3, 0],
      "field beside the file arrived": [3, 0],
      "form of the page is sent": [3, 0],
      "filled field arrived": [3, 0],
    ])

  static let groupsAndChecks = K6Script(
    file: "groups-and-checks", requests: 24, iterations: 6,
    checks: [
      "total is right": [6, 0],
      "visitor::page is there": [6, 0],
      "visitor::page is by Melville": [6, 0],
      "visitor::search::query came through": [6, 0],
      "visitor::search::answer is large": [0, 6],
    ])

  static let htmlPages = K6Script(
    file: "html-pages", requests: 10, iterations: 2,
    checks: [
      "four links": [2, 0],
      "first leads to page 1": [2, 0],
      "linked page is there": [4, 0],
      "click leads on": [2, 0],
      "title is found": [2, 0],
    ])

  static let jsonCorrelation = K6Script(
    file: "json-correlation", requests: 30, iterations: 6,
    checks: [
      "logged in": [6, 0],
      "has two roles": [6, 0],
      "second role is writer": [6, 0],
      "token is taken": [6, 0],
      "item is the one": [12, 0],
      "address has the id": [12, 0],
      "all ids": [6, 0],
    ])

  static let pageObjects = K6Script(
    file: "page-objects", requests: 16, iterations: 4,
    checks: [
      "both with the token": [4, 0],
      "in four requests": [4, 0],
      "reading::Home opens": [4, 0],
      "reading::Article opens": [8, 0],
    ])

  static let redirects = K6Script(
    file: "redirects", requests: 27, iterations: 3,
    checks: [
      "arrives": [3, 0],
      "where it was sent": [3, 0],
      "is stopped": [3, 0],
      "says where to": [3, 0],
      "method and body are kept": [3, 0],
      "method becomes GET": [3, 0],
    ])

  static let retries = K6Script(
    file: "retries", requests: 16, iterations: 4,
    checks: [
      "comes in the end": [4, 0],
      "never comes": [4, 0],
    ])

  static let scenarioExec = K6Script(
    file: "scenario-exec", requests: 18, iterations: 9,
    checks: [
      "paid the amount": [9, 0],
      "in the currency of the scenario": [9, 0],
      "is the scenario": [9, 0],
      "has its executor": [9, 0],
    ])

  static let setupTeardown = K6Script(
    file: "setup-teardown", requests: 8, iterations: 6,
    checks: [
      "account is the one of setup": [6, 0],
      "data is whole": [6, 0],
      "setup::account is made": [1, 0],
      "teardown::account is removed": [1, 0],
    ])

  static let sharedArray = K6Script(
    file: "shared-array", requests: 6, iterations: 6,
    checks: [
      "is let in": [6, 0],
      "as itself": [6, 0],
      "all users are there": [6, 0],
    ])

  static let signatures = K6Script(
    file: "signatures", requests: 4, iterations: 4,
    checks: [
      "signature is right": [4, 0],
      "text is base64": [4, 0],
      "body came whole": [4, 0],
      "hash is known": [4, 0],
      "base64 is read": [4, 0],
    ])

  static let smoke = K6Script(file: "smoke")

  static let stages = K6Script(file: "stages")

  static let thresholdsAndTags = K6Script(
    file: "thresholds-and-tags", requests: 16, iterations: 8,
    checks: [
      "page arrived": [8, 0],
      "api answered": [8, 0],
    ])

  static let urlNames = K6Script(
    file: "url-names", requests: 20, iterations: 4,
    checks: [
      "item is the one": [12, 0],
      "article is the one": [8, 0],
    ])
}
