/// How a connection is secured, in k6's words.
struct TLSSecurity: Equatable {
  var version = ""
  /// IANA's name, as far as Go goes with it.
  var suite = ""
  var stapled = StapledStatus()
}
