import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";
import en from "../../web/locales/en.json" with { type: "json" };
import nl from "../../web/locales/nl.json" with { type: "json" };
import { byLetter, goalTerms, markTerms, terms, type TermId } from "../../web/state/terms.ts";

const web = path.join(projectFolder, "web");
const components = readdirSync(web, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".svelte") && !name.startsWith("dist"))
  .map((name) => ({ name, source: readFileSync(path.join(web, name), "utf8") }));
const languages = { nl: nl as Record<string, string>, en: en as Record<string, string> };

describe("terms", () => {
  it.each(["nl", "en"] as const)("each have a name of their own and a short explanation (%s)", (language) => {
    const texts = languages[language];
    const names = terms.map((id) => texts[`term.${id}`]);
    expect(names.filter((name) => !name)).toEqual([]);
    expect(new Set(names).size).toBe(terms.length);
    for (const id of terms) {
      const words = texts[`term.${id}.text`] ?? "";
      expect([id, words.length > 15 && words.length <= 320, words.endsWith(".")]).toEqual([id, true, true]);
    }
  });

  it("are all the terms that there are texts of", () => {
    const named = Object.keys(nl).filter((key) => key.startsWith("term."));
    expect(new Set(named.map((key) => key.split(".")[1]))).toEqual(new Set(terms));
  });

  it("are those that the components name", () => {
    const used = components.flatMap(({ name, source }) =>
      [...source.matchAll(/<Term\s+id="([^"]+)"/g)].map((match) => `${name}: ${match[1]}`),
    );
    expect(used.length).toBeGreaterThan(25);
    expect(used.filter((each) => !(terms as readonly string[]).includes(each.split(": ")[1]!))).toEqual([]);
    for (const { name, source } of components) {
      const computed = [...source.matchAll(/<Term\s+id=\{(\w+)/g)].map((match) => match[1]);
      expect([name, computed.filter((each) => !["markTerms", "goalTerms"].includes(each!))]).toEqual([name, []]);
    }
  });

  it("explain every mark of the legend and every judgement, and every kind of target", () => {
    const judgements = Object.keys(nl).filter((key) => key.startsWith("judgement.")).map((key) => key.slice(10)); // prettier-ignore
    expect(Object.keys(markTerms).sort()).toEqual(judgements.sort());
    const goals = Object.keys(nl).filter((key) => key.startsWith("goal.")).map((key) => key.slice(5)); // prettier-ignore
    expect(Object.keys(goalTerms).sort()).toEqual(goals.sort());
    for (const id of [...Object.values(markTerms), ...Object.values(goalTerms)]) expect(terms).toContain(id);
    const legend = components.find(({ name }) => name.endsWith("/Legend.svelte"))!.source;
    expect(legend).toContain("Object.keys(markTerms)");
  });
});

describe("byLetter(ids, nameOf, language)", () => {
  it.each(["nl", "en"] as const)(
    "has each term once, by the alphabet, under the letter of its name (%s)",
    (language) => {
      const nameOf = (id: TermId) => languages[language][`term.${id}`]!;
      const groups = byLetter(terms, nameOf, language);
      const order = groups.flatMap(({ ids }) => ids);
      expect(order.toSorted()).toEqual([...terms].sort());
      expect(order.map(nameOf)).toEqual(order.map(nameOf).toSorted(new Intl.Collator(language).compare));
      for (const { letter, ids } of groups) for (const id of ids) expect(nameOf(id)[0]!.toUpperCase()).toBe(letter);
      expect(new Set(groups.map(({ letter }) => letter)).size).toBe(groups.length);
    },
  );
});
