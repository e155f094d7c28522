import { describe, expect, it } from "vitest";
import { labelOf } from "../../server/label.ts";

const catalogue = { units: new Map() };

describe("labelOf(user, language, here)", () => {
  it("has the name by which one of several chose to be called", () => {
    const label = (name: string) =>
      labelOf({ name, roles: ["control"], units: [] }, "en", { personas: true, catalogue });
    expect(label("control")).toBe("You look as: Control");
    expect(label("control:anna")).toBe("You look as: Control (anna)");
  });

  it("is somebody's own name where people sign in", () => {
    const user = { name: "Anna de Boer", roles: ["control"], units: [] };
    expect(labelOf(user, "nl", { personas: false, catalogue })).toBe("Anna de Boer");
  });
});
