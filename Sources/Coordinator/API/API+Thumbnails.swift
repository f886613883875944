import Shared

/// Small pictures of images.
extension API {
  static func addThumbnails(to router: inout Router<Handler>) {
    router.add("GET", pattern: "output-files/:id/thumbnail") { try $0.viewFileThumbnail($1) }
    router.add("GET", pattern: "data-stores/:id/thumbnail") { try $0.viewBaselineThumbnail($1) }
  }

  private func viewFileThumbnail(_ context: RouteContext) throws -> HTTPResponse {
    let file = try completeFile(context)
    return try thumbnail(answer(for: file), "output file \(file.id)", context.request)
  }

  private func viewBaselineThumbnail(_ context: RouteContext) throws -> HTTPResponse {
    let baseline = try baseline(context)
    return try thumbnail(answer(for: baseline), "data store \(baseline.id)", context.request)
  }

  private func thumbnail(
    _ file: FileAnswer, _ what: String, _ request: HTTPRequest
  ) throws -> HTTPResponse {
    let tag = "\(file.tag.dropLast())-small\""
    if request.hasCopy(of: tag) { return .notModified(tag) }
    do {
      let png = try Thumbnail.png(of: file.path)
      return HTTPResponse(
        status: 200,
        headers: [
          (name: "Content-Type", value: "image/png"),
          (
            name: "Content-Disposition",
            value: FileAnswer.disposition(.inline, "thumbnail of \(file.name).png")
          ),
          (name: "ETag", value: tag),
          // The content of an id never changes.
          (name: "Cache-Control", value: "private, max-age=86400"),
          (name: "X-Content-Type-Options", value: "nosniff"),
        ], body: .bytes(png))
    } catch let refusal as ImageRefusal {
      throw Problem(
        refusal.isOfFormat ? .unsupportedMediaType : .invalid,
        "\(what) has no thumbnail: \(refusal)")
    }
  }
}

extension ImageRefusal {
  /// Whether the format is the reason, rather than this image of it.
  fileprivate var isOfFormat: Bool {
    switch self {
    case .unknownFormat, .noReader: true
    case .tooManyPixels, .tooSlow, .broken: false
    }
  }
}
