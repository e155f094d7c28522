import { describe, expect, it } from "vitest";
import { markName, placeNames } from "../../web/charts/names.ts";

const frame = { width: 300, height: 200 };
const named = (x: number, y: number, name: string, firm = true) => ({ x, y, lines: [name], firm });

describe("placeNames(named, others, frame)", () => {
  it("puts a name to the right of its mark, and to the left where the plot ends", () => {
    const [first, second] = placeNames([named(50, 100, "Limburg"), named(290, 100, "Utrecht")], [], frame);
    expect(first).toMatchObject({ align: "left", dy: 0 });
    expect(second).toMatchObject({ align: "right", dy: 0 });
  });

  it("moves a name away from another mark, and lets the first have the better place", () => {
    const [first, second] = placeNames([named(50, 100, "Limburg"), named(70, 100, "Utrecht")], [], frame);
    expect(first!.align).not.toBe("left");
    expect(second).toMatchObject({ align: "left", dy: 0 });
    expect(placeNames([named(50, 100, "Limburg")], [{ x: 75, y: 100 }], frame)[0]!.align).not.toBe("left");
  });

  it("names what is firm over other marks, the rest not at all", () => {
    const crowd = Array.from({ length: 900 }, (_, index) => ({ x: (index % 30) * 10, y: Math.floor(index / 30) * 7 }));
    expect(placeNames([named(150, 100, "Limburg")], crowd, frame)[0]).not.toBeNull();
    expect(placeNames([named(150, 100, "Limburg", false)], crowd, frame)[0]).toBeNull();
  });

  it("has no place where names fill the plot", () => {
    const close = Array.from({ length: 40 }, (_, index) => named(150 + (index % 3), 100, `Basisteam ${index}`));
    const places = placeNames(close, [], frame);
    expect(places.filter((place) => place === null).length).toBeGreaterThan(25);
    expect(places[0]).not.toBeNull();
  });
});

describe("markName(name)", () => {
  it("takes the abbreviation of a long name, and breaks one without", () => {
    expect(markName("Landelijke Expertise en Operaties (LX)")).toEqual(["LX"]);
    expect(markName("Rotterdam (R)")).toEqual(["Rotterdam (R)"]);
    expect(markName("Noord- en Oost-Gelderland")).toEqual(["Noord- en Oost-", "Gelderland"]);
  });
});
