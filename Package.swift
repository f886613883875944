// swift-tools-version: 6.0
import PackageDescription

/// A wrapped C library from Debian; the module map or pkg-config names what to link.
func cLibrary(_ name: String, apt: [String], pkgConfig: String? = nil) -> Target {
  .systemLibrary(
    name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt(apt)])
}

let package = Package(
  name: "throng",
  products: [
    .executable(name: "throng", targets: ["throng"]),
    .executable(name: "throng-coordinator", targets: ["throng-coordinator"]),
    .executable(name: "throng-agent", targets: ["throng-agent"]),
  ],
  dependencies: [],
  targets: [
    cLibrary("CLinux", apt: ["libc6-dev"]),
    cLibrary("CCurl", apt: ["libcurl4-openssl-dev"]),
    cLibrary("COpenSSL", apt: ["libssl-dev"]),
    cLibrary("CZlib", apt: ["zlib1g-dev"]),
    cLibrary("CBrotli", apt: ["libbrotli-dev"]),
    cLibrary("CIDN", apt: ["libidn2-dev"]),
    cLibrary("CSQLite", apt: ["libsqlite3-dev"]),
    cLibrary("CMicroHTTPD", apt: ["libmicrohttpd-dev"]),
    cLibrary("CZstd", apt: ["libzstd-dev"]),
    cLibrary("CArchive", apt: ["libarchive-dev"]),
    cLibrary("CCairo", apt: ["libpango1.0-dev"], pkgConfig: "pangocairo"),
    cLibrary("CGdkPixbuf", apt: ["libgdk-pixbuf-2.0-dev"], pkgConfig: "gdk-pixbuf-2.0"),
    cLibrary(
      "CJavaScriptCore", apt: ["libjavascriptcoregtk-4.1-dev"],
      pkgConfig: "javascriptcoregtk-4.1"),

    .target(
      name: "CRegex", path: "Sources/CRegex",
      linkerSettings: [.linkedLibrary("icui18n"), .linkedLibrary("icuuc")]),

    .target(
      name: "Shared", dependencies: ["CLinux", "CJavaScriptCore"],
      resources: [.embedInCode("JavaScript/Prelude")]),
    .target(
      name: "Coordinator",
      dependencies: [
        "Shared", "CLinux", "CSQLite", "CMicroHTTPD", "CZstd", "CArchive", "CCairo", "CGdkPixbuf",
      ],
      resources: [.embedInCode("Script/JavaScript")]),
    .target(
      name: "Agent",
      dependencies: [
        "Shared", "CLinux", "CCurl", "COpenSSL", "CZlib", "CBrotli", "CZstd", "CIDN", "CRegex",
      ]),

    .executableTarget(
      name: "throng", dependencies: ["Shared", "Coordinator", "Agent", "CLinux", "CCurl"],
      path: "Sources/Commands/throng",
      resources: [.embedInCode("New/Templates")]),
    .executableTarget(
      name: "throng-coordinator", dependencies: ["Shared", "Coordinator"],
      path: "Sources/Commands/throng-coordinator"),
    .executableTarget(
      name: "throng-agent", dependencies: ["Shared", "Agent"],
      path: "Sources/Commands/throng-agent"),

    .target(
      name: "TestSupport", dependencies: ["Shared", "Coordinator", "CLinux"],
      path: "Tests/TestSupport"),
    .testTarget(name: "SharedTests", dependencies: ["Shared", "TestSupport"]),
    .testTarget(name: "CoordinatorTests", dependencies: ["Coordinator", "Shared", "TestSupport"]),
    .testTarget(name: "AgentTests", dependencies: ["Agent", "Shared", "TestSupport"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["Shared", "TestSupport", "throng", "throng-coordinator", "throng-agent"]),
    .testTarget(name: "TidyTests"),
    .executableTarget(
      name: "throng-bench", dependencies: ["Shared", "Coordinator", "TestSupport", "CLinux"],
      path: "Tests/Benchmarks"),
  ],
  swiftLanguageModes: [.v6]
)
