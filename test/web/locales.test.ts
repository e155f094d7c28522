import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";
import en from "../../web/locales/en.json" with { type: "json" };
import nl from "../../web/locales/nl.json" with { type: "json" };
import { counted, text } from "../../web/locales/text.ts";

const web = path.join(projectFolder, "web");
/** Of the pages, and of what the server says by itself. */
const sources = [web, path.join(projectFolder, "server")]
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(svelte|ts)$/.test(name) && !name.startsWith("dist"))
      .map((name) => readFileSync(path.join(folder, name), "utf8")),
  )
  .join("\n");

describe("the texts of the interface", () => {
  it("are the same in both languages, in the same order", () => {
    expect(Object.keys(en)).toEqual(Object.keys(nl));
  });

  it("have the same values to fill in", () => {
    const values = (words: string) => [...words.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    for (const [key, words] of Object.entries(nl))
      expect([key, values(en[key as keyof typeof nl])]).toEqual([key, values(words)]);
  });

  it("are all used, by name or by the beginning of it", () => {
    const unused = Object.keys(nl).filter((key) => {
      const beginnings = key.split(".").map((_, index, parts) => `${parts.slice(0, index + 1).join(".")}.\${`);
      return (
        !sources.includes(`"${key}"`) &&
        !beginnings.some((each) => sources.includes(each)) &&
        !/\.(one|other)$/.test(key)
      );
    });
    expect(unused).toEqual([]);
  });

  it("neither blame nor cheer, and never rule out chance", () => {
    const words = Object.values(nl).join("\n");
    expect(words).not.toMatch(/geen toeval|schuld|verwijt|faal|slecht|falend|helaas|gefeliciteerd|goed gedaan|!/i);
    expect(words).not.toMatch(/allochto|enkele culturele/i);
  });

  it("keep the words of the glossary", () => {
    expect(nl["judgement.withheld"]).toBe("niet getoond (te kleine aantallen)");
    expect(nl["judgement.provisional"]).toBe("voorlopig");
    expect(nl["goal.resultaat"]).toBe("beoogd resultaat");
  });
});

describe("text(language, key, values)", () => {
  it("fills in values and leaves what it does not know", () => {
    expect(text("nl", "figure.bandOf", { denominator: 37 })).toContain("van 37");
    expect(text("nl", "figure.bandOf")).toContain("{denominator}");
    expect(text("nl", "no.such.text")).toBe("no.such.text");
  });
});

describe("counted(language, key, count)", () => {
  it("knows one from more", () => {
    expect(counted("nl", "goals.resultaat", 1)).toBe("1 beoogd resultaat");
    expect(counted("nl", "goals.resultaat", 3)).toBe("3 beoogde resultaten");
  });
});
