extension Prelude {
  /// What scripts know from browsers, from k6 and from its jslib, in the order in which it is run,
  /// before everything else: it needs nothing of the host but `now` and `randomBytes`, and it uses
  /// typed arrays before they are guarded.
  static let library: [(name: String, bytes: [UInt8])] = [
    ("encoding.js", PackageResources.encoding_js),
    ("platform.js", PackageResources.platform_js),
    ("url-search-params.js", PackageResources.url_search_params_js),
    ("url-parser.js", PackageResources.url_parser_js),
    ("url.js", PackageResources.url_js),
    ("hash-functions.js", PackageResources.hash_functions_js),
    ("hashes.js", PackageResources.hashes_js),
    ("k6-crypto.js", PackageResources.k6_crypto_js),
    ("k6-encoding.js", PackageResources.k6_encoding_js),
    ("html-parser.js", PackageResources.html_parser_js),
    ("html-selector.js", PackageResources.html_selector_js),
    ("html-element.js", PackageResources.html_element_js),
    ("k6-html.js", PackageResources.k6_html_js),
    ("k6-utils.js", PackageResources.k6_utils_js),
    ("formdata.js", PackageResources.formdata_js),
    ("papaparse.js", PackageResources.papaparse_js),
    ("k6-summary.js", PackageResources.k6_summary_js),
    ("k6chaijs.js", PackageResources.k6chaijs_js),
    ("k6chaijs-describe.js", PackageResources.k6chaijs_describe_js),
    ("httpx.js", PackageResources.httpx_js),
  ]
}
