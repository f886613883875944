import COpenSSL
import Glibc

extension StapledStatus {
  /// Year 1, which k6 shows for times that are not there.
  private static let noTime: Int64 = -62_135_596_800
  /// By their numbers (RFC 5280 5.3.1); 7 is not used.
  private static let reasons = [
    "unspecified", "key_compromise", "ca_compromise", "affiliation_changed", "superseded",
    "cessation_of_operation", "certificate_hold", "", "remove_from_crl", "privilege_withdrawn",
    "aa_compromise",
  ]

  /// Nil when nothing is stapled, or nothing that says something.
  init?(_ tls: OpaquePointer) {
    var bytes: UnsafePointer<UInt8>?
    let count = throng_stapled_response(tls, &bytes)
    guard count > 0, let bytes else { return nil }
    self.init(bytes: UnsafeBufferPointer(start: bytes, count: count))
  }

  init?(bytes: UnsafeBufferPointer<UInt8>) {
    // A queue with old errors would make OpenSSL's next call look failed.
    defer { ERR_clear_error() }
    var start = bytes.baseAddress
    guard let response = d2i_OCSP_RESPONSE(nil, &start, bytes.count) else { return nil }
    defer { OCSP_RESPONSE_free(response) }
    guard OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL,
      let basic = OCSP_response_get1_basic(response)
    else { return nil }
    defer { OCSP_BASICRESP_free(basic) }
    guard OCSP_resp_count(basic) == 1, let single = OCSP_resp_get0(basic, 0) else { return nil }
    self.init()
    var reason: Int32 = 0
    var revoked: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
    var this: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
    var next: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
    switch OCSP_single_get0_status(single, &reason, &revoked, &this, &next) {
    case V_OCSP_CERTSTATUS_GOOD: status = "good"
    case V_OCSP_CERTSTATUS_REVOKED: status = "revoked"
    default: break
    }
    let index = max(0, Int(reason))
    self.reason = Self.reasons.indices.contains(index) ? Self.reasons[index] : ""
    producedAt = Self.seconds(OCSP_resp_get0_produced_at(basic))
    thisUpdate = Self.seconds(this)
    nextUpdate = Self.seconds(next)
    revokedAt = Self.seconds(revoked)
  }

  private static func seconds(_ time: UnsafePointer<ASN1_GENERALIZEDTIME>?) -> Int64 {
    var parts = tm()
    guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return noTime }
    return Int64(timegm(&parts))
  }
}
