import CCurl

/// What libcurl is told of a request's method and body.
extension Transfer {
  func setMethod(_ request: ScriptRequest) {
    let handle = pointer
    // GET first: it undoes what an earlier request's method and body have set.
    throng_set_long(handle, CURLOPT_HTTPGET, 1)
    throng_set_string(handle, CURLOPT_CUSTOMREQUEST, nil)
    if let body = request.body {
      throng_set_long(handle, CURLOPT_POST, 1)
      throng_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      body.withUnsafeBytes { bytes in
        // libcurl copies it, so the pointer need not outlive the call; it must not be nil
        // though, which for libcurl means "read from a callback".
        var empty: UInt8 = 0
        let base = bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }
        withUnsafeMutableBytes(of: &empty) { fallback in
          _ = throng_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, base ?? fallback.baseAddress)
        }
      }
      if request.method != "POST" {
        throng_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method)
      }
    } else if request.method == "HEAD" {
      throng_set_long(handle, CURLOPT_NOBODY, 1)
    } else if request.method == "POST" || request.method == "PUT" || request.method == "PATCH" {
      // Without a body these still say that its length is 0.
      throng_set_long(handle, CURLOPT_POST, 1)
      throng_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, 0)
      throng_set_string(handle, CURLOPT_COPYPOSTFIELDS, "")
      if request.method != "POST" {
        throng_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method)
      }
    } else if request.method != "GET" {
      throng_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method)
    }
  }
}
