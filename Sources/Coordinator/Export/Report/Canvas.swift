import CCairo

/// A PDF that is drawn page by page, with cairo and Pango. Points from the upper left corner.
///
/// Pango's font maps belong to one thread at a time: every canvas has its own, and is made, drawn
/// on and let go of by one thread. Fontconfig, below them, locks for itself.
final class Canvas {
  struct Failure: Error, Equatable { var reason: String }

  private let surface: OpaquePointer
  private let context: OpaquePointer
  private let fontMap: UnsafeMutablePointer<PangoFontMap>
  private let pango: OpaquePointer
  /// Used for every text again, one after the other.
  private let layout: OpaquePointer
  private var fonts: [TextStyle.FontKey: OpaquePointer] = [:]
  private let output: Output

  /// Takes what cairo writes; it is told of it as a bare pointer, so it must stay alive.
  private final class Output {
    var bytes: [UInt8] = []
  }

  /// - Throws: `Failure` when there is no font, or no memory.
  init(width: Double, height: Double) throws {
    guard let fontMap = pango_cairo_font_map_new() else {
      throw Failure(reason: "no font map could be made")
    }
    self.fontMap = fontMap
    // Without any font Pango could draw nothing but boxes, and complain of each.
    guard Self.hasFonts(fontMap) else {
      g_object_unref(fontMap)
      throw Failure(reason: "no font is installed")
    }
    output = Output()
    surface = cairo_pdf_surface_create_for_stream(
      { closure, data, length in
        guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
        let output = Unmanaged<Output>.fromOpaque(closure).takeUnretainedValue()
        output.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
        return CAIRO_STATUS_SUCCESS
      }, Unmanaged.passUnretained(output).toOpaque(), width, height)
    context = cairo_create(surface)
    pango = pango_font_map_create_context(fontMap)
    pango_cairo_update_context(context, pango)
    // Widths then do not depend on the resolution of a screen that there is not.
    pango_context_set_round_glyph_positions(pango, 0)
    layout = pango_layout_new(pango)
    // A hyphen where a long name goes on in the next line would be taken for a part of it.
    let attributes = pango_attr_list_new()
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(0))
    pango_layout_set_attributes(layout, attributes)
    pango_attr_list_unref(attributes)
  }

  deinit {
    for font in fonts.values { pango_font_description_free(font) }
    g_object_unref(UnsafeMutableRawPointer(layout))
    g_object_unref(UnsafeMutableRawPointer(pango))
    g_object_unref(fontMap)
    cairo_destroy(context)
    cairo_surface_destroy(surface)
    // cairo writes up to its very end.
    withExtendedLifetime(output) {}
  }

  /// Pango lists families such as Sans even where nothing stands behind them.
  private static func hasFonts(_ fontMap: UnsafeMutablePointer<PangoFontMap>) -> Bool {
    guard let context = pango_font_map_create_context(fontMap),
      let wanted = pango_font_description_new()
    else { return false }
    pango_font_description_set_family(wanted, families)
    let font = pango_font_map_load_font(fontMap, context, wanted)
    defer {
      if let font { g_object_unref(font) }
      pango_font_description_free(wanted)
      g_object_unref(UnsafeMutableRawPointer(context))
    }
    return font != nil
  }

  /// The fonts of a report; other scripts are taken from whatever font has them.
  private static let families = "DejaVu Sans,sans-serif"

  // MARK: document

  func describe(_ field: cairo_pdf_metadata_t, _ text: String) {
    cairo_pdf_surface_set_metadata(surface, field, Self.printable(text))
  }

  /// An entry of the outline that readers show beside the pages, which count from 1.
  func addOutline(_ text: String, page: Int) {
    cairo_pdf_surface_add_outline(
      surface, CAIRO_PDF_OUTLINE_ROOT, Self.printable(text), "page=\(page)",
      CAIRO_PDF_OUTLINE_FLAG_OPEN)
  }

  func endPage() { cairo_show_page(context) }

  /// The whole document; nothing can be drawn after it.
  ///
  /// - Throws: `Failure` when cairo ran out of something on the way.
  func finish() throws -> [UInt8] {
    let drawing = cairo_status(context)
    cairo_surface_finish(surface)
    for status in [drawing, cairo_surface_status(surface)] where status != CAIRO_STATUS_SUCCESS {
      throw Failure(reason: cairo_status_to_string(status).map { String(cString: $0) } ?? "cairo")
    }
    return output.bytes
  }

  // MARK: text

  /// Draws a text within `width` from (x, y), its upper left corner. Returns its height.
  @discardableResult
  func text(
    _ text: String, x: Double, y: Double, width: Double, _ style: TextStyle
  ) -> Double {
    let size = prepare(text, style, width: max(1, width))
    setInk(style.ink)
    cairo_move_to(context, x, y)
    pango_cairo_show_layout(context, layout)
    return size.height
  }

  /// Width of a text that stands on one line.
  func width(of text: String, _ style: TextStyle) -> Double {
    prepare(text, style, width: nil).width
  }

  /// Height of a text, in lines of at most `width`.
  func height(of text: String, width: Double, _ style: TextStyle) -> Double {
    prepare(text, style, width: max(1, width)).height
  }

  private func prepare(
    _ text: String, _ style: TextStyle, width: Double?
  ) -> (width: Double, height: Double) {
    let scale = Double(PANGO_SCALE)
    pango_layout_set_font_description(layout, font(style.font))
    pango_layout_set_width(layout, width.map { Int32(min($0, 10_000) * scale) } ?? -1)
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    // Negative heights count lines.
    pango_layout_set_height(layout, width == nil ? -1 : -Int32(style.lines))
    pango_layout_set_ellipsize(
      layout,
      width == nil
        ? PANGO_ELLIPSIZE_NONE
        : style.cut == .middle && style.lines == 1 ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_END)
    let alignment: PangoAlignment =
      switch style.alignment {
      case .left: PANGO_ALIGN_LEFT
      case .center: PANGO_ALIGN_CENTER
      case .right: PANGO_ALIGN_RIGHT
      }
    pango_layout_set_alignment(layout, alignment)
    // A text from right to left is still set where its column is.
    pango_layout_set_auto_dir(layout, 0)
    pango_layout_set_text(layout, Self.printable(text), -1)
    var (pixelWidth, pixelHeight): (Int32, Int32) = (0, 0)
    pango_layout_get_size(layout, &pixelWidth, &pixelHeight)
    return (Double(pixelWidth) / scale, Double(pixelHeight) / scale)
  }

  private func font(_ key: TextStyle.FontKey) -> OpaquePointer? {
    if let font = fonts[key] { return font }
    guard let font = pango_font_description_new() else { return nil }
    pango_font_description_set_family(font, Self.families)
    pango_font_description_set_absolute_size(font, key.size * Double(PANGO_SCALE))
    pango_font_description_set_weight(
      font, key.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
    fonts[key] = font
    return font
  }

  /// Names come from scripts and servers. What would end the text, or break its line, becomes a
  /// space; what no column could show anyway is cut before it costs time to set.
  static func printable(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    let all = text.unicodeScalars
    let isLong = all.count > charactersMax
    for scalar in isLong ? all.prefix(charactersMax * 2 / 3) : all[...] {
      scalars.append(isPrintable(scalar) ? scalar : " ")
    }
    if isLong {
      scalars.append("…")
      for scalar in all.suffix(charactersMax / 3) {
        scalars.append(isPrintable(scalar) ? scalar : " ")
      }
    }
    return String(scalars)
  }

  private static let charactersMax = 600

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: false
    // Marks that turn the direction of what follows them.
    case .format:
      !(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value)
    default: true
    }
  }

  // MARK: shapes

  func fill(_ area: Rectangle, _ ink: Ink, radius: Double = 0) {
    setInk(ink)
    outline(area, radius: radius)
    cairo_fill(context)
  }

  func stroke(_ area: Rectangle, _ ink: Ink, width: Double = 0.5, radius: Double = 0) {
    setInk(ink)
    cairo_set_line_width(context, width)
    outline(area, radius: radius)
    cairo_stroke(context)
  }

  private func outline(_ area: Rectangle, radius: Double) {
    guard radius > 0 else {
      return cairo_rectangle(context, area.x, area.y, area.width, area.height)
    }
    let quarter = Double.pi / 2
    cairo_new_sub_path(context)
    cairo_arc(context, area.right - radius, area.y + radius, radius, -quarter, 0)
    cairo_arc(context, area.right - radius, area.bottom - radius, radius, 0, quarter)
    cairo_arc(context, area.x + radius, area.bottom - radius, radius, quarter, 2 * quarter)
    cairo_arc(context, area.x + radius, area.y + radius, radius, 2 * quarter, 3 * quarter)
    cairo_close_path(context)
  }

  func line(_ points: [Point], _ ink: Ink, width: Double) {
    guard points.count > 1 else { return }
    setInk(ink)
    cairo_set_line_width(context, width)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    path(points)
    cairo_stroke(context)
  }

  func polygon(_ points: [Point], _ ink: Ink, opacity: Double = 1) {
    guard points.count > 2 else { return }
    cairo_set_source_rgba(context, ink.red, ink.green, ink.blue, opacity)
    path(points)
    cairo_close_path(context)
    cairo_fill(context)
  }

  func dot(_ center: Point, radius: Double, _ ink: Ink) {
    setInk(ink)
    cairo_new_sub_path(context)
    cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
    cairo_fill(context)
  }

  private func path(_ points: [Point]) {
    cairo_new_path(context)
    for point in points { cairo_line_to(context, point.x, point.y) }
  }

  private func setInk(_ ink: Ink) {
    cairo_set_source_rgb(context, ink.red, ink.green, ink.blue)
  }
}
