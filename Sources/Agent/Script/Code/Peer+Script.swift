import CJavaScriptCore

extension Peer {
  /// Address, port, version of TLS, cipher suite, what is stapled; the last three only with TLS.
  func value(in context: JSContextRef) -> JSValueRef? {
    var values: [JSValueRef?] = [
      ScriptText.value(address, context), JSValueMakeNumber(context, Double(port)),
    ]
    if let security {
      let stapled = security.stapled
      let times = [
        stapled.producedAt, stapled.thisUpdate, stapled.nextUpdate, stapled.revokedAt,
      ]
      var parts: [JSValueRef?] = times.map { JSValueMakeNumber(context, Double($0)) }
      parts.append(ScriptText.value(stapled.reason, context))
      parts.append(ScriptText.value(stapled.status, context))
      values.append(ScriptText.value(security.version, context))
      values.append(ScriptText.value(security.suite, context))
      values.append(JSObjectMakeArray(context, parts.count, &parts, nil))
    }
    return JSObjectMakeArray(context, values.count, &values, nil)
  }
}
