/// What a server has its certificate authority say of its certificate (RFC 6961, RFC 6960).
struct StapledStatus: Equatable {
  /// Seconds since 1970; Go's zero time where a response leaves one out, 0 without a response.
  var producedAt: Int64 = 0
  var thisUpdate: Int64 = 0
  var nextUpdate: Int64 = 0
  var revokedAt: Int64 = 0
  var reason = ""
  var status = "unknown"
}
