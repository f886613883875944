import Shared

extension Specification {
  private static let body = APIOperation.Content.json(
    .component("RegionInput"), "The region.",
    example: .object([
      "name": .string("eu-west"), "latitude": .double(53.35), "longitude": .double(-6.26),
      "description": .string("Dublin"),
    ]))

  static let regions = Area(
    tag: "Regions",
    description: "Where agents are. A region comes to exist when it is added, or when the first "
      + "agent joins under its name.",
    operations: [
      .get(
        "regions", "listRegions", "List regions", "", Parameter.page,
        .json(.array(.component("Region")), "The regions.")),
      .change(
        "POST", "regions", "createRegion", "Add a region", body: body,
        answer: .created(.component("Region"), "The new region."), problems: [.conflict]),
      .get(
        "regions/:id", "getRegion", "Get a region", "", [],
        .json(.component("Region"), "The region.")),
    ])

  static let agents = Area(
    tag: "Agents", description: "Those who run virtual users.",
    operations: [
      .get(
        "agents", "listAgents", "List agents", "Those that have left, too.", Parameter.page,
        .json(.array(.component("Agent")), "The agents.")),
      .get(
        "agents/:id", "getAgent", "Get an agent", "", [],
        .json(.component("Agent"), "The agent.")),
    ])
}
