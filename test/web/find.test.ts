import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entriesOf } from "../../web/components/find/entries.ts";
import { text } from "../../web/locales/text.ts";
import { Finder, fold, kinds, piecesOf, placeAfter, wordsOf, type Entry } from "../../web/state/find.ts";
import { takesKeys } from "../../web/state/keys.ts";
import { Organisation } from "../../web/state/organisation.ts";
import { definition } from "../support/rows.ts";
import type { Unit } from "../../web/api.ts";

const entry = (title: string, fields: Partial<Entry> = {}): Entry => ({
  kind: "unit",
  key: `${fields.kind ?? "unit"} ${title}`,
  href: "/",
  title,
  detail: "",
  ...fields,
});
const titles = (entries: Entry[], question: string, most = 10) =>
  new Finder(entries).find(question, most).map(({ entries }) => entries.map(({ title }) => title));

const letters = fc.stringMatching(/^[a-zéëïüA-Z0-9 -]{1,12}$/);
const someEntries = fc
  .uniqueArray(fc.record({ title: letters, detail: letters, kind: fc.constantFrom(...kinds) }), {
    maxLength: 12,
    selector: ({ kind, title }) => `${kind} ${title}`,
  })
  .map((all) => all.map(({ title, ...fields }) => entry(title, fields)));

describe("fold(text), wordsOf(text)", () => {
  it("leave diacritics and case out, and part at what is neither letter nor digit", () => {
    expect(fold("Coördinátor ÇA")).toBe("coordinator ca");
    expect(wordsOf("Den Haag-Centrum, 2e (HRM)")).toEqual(["den", "haag", "centrum", "2e", "hrm"]);
    expect(wordsOf(" – ! ")).toEqual([]);
  });
});

describe("Finder.find(question, most)", () => {
  const units = ["Noord-Holland", "Den Haag-Centrum", "Haagse Hout", "Den Haag", "Zuid"].map((title) => entry(title));

  it("wants every word, in any order, and does not mind accents or capitals", () => {
    expect(titles(units, "HAAG dén")).toEqual([["Den Haag-Centrum", "Den Haag"]]);
    expect(titles(units, "haag zuid")).toEqual([]);
  });

  it("puts the whole title first, then its beginning, then beginnings of words, then the rest", () => {
    expect(titles(units, "den haag")).toEqual([["Den Haag", "Den Haag-Centrum"]]);
    expect(titles(units, "haag")).toEqual([["Haagse Hout", "Den Haag-Centrum", "Den Haag"]]);
    const more = [entry("Zuid", { detail: "Basisteam · Holland" }), ...units, entry("Zuid-Holland")];
    expect(titles(more, "hol")).toEqual([["Noord-Holland", "Zuid-Holland", "Zuid"]]);
    expect(titles(more, "olland")).toEqual([["Noord-Holland", "Zuid-Holland", "Zuid"]]);
  });

  it("finds what stands beside a title, and what is not shown", () => {
    const figures = [entry("Klachten", { kind: "indicator", detail: "Aanpak van discriminatie", also: "complaints" })];
    for (const question of ["complaints", "aanpak klachten", "discr"])
      expect(titles(figures, question)).toEqual([["Klachten"]]);
  });

  it("shows some of a kind and counts all, the kind with the best entry first", () => {
    const many = [
      ...Array.from({ length: 9 }, (_, index) => entry(`Team ${index}`, { detail: "signalen" })),
      entry("Signalen", { kind: "page" }),
    ];
    const [page, unit] = new Finder(many).find("signalen", 4);
    expect([page!.kind, page!.count]).toEqual(["page", 1]);
    expect([unit!.kind, unit!.count, unit!.entries.length]).toEqual(["unit", 9, 4]);
  });

  it("finds nothing without a word", () => {
    for (const question of ["", "  ", "–"]) expect(titles(units, question)).toEqual([]);
  });

  it("finds every entry by its own title first, whatever the order of its words", () => {
    fc.assert(
      fc.property(someEntries, fc.boolean(), (entries, turned) => {
        const finder = new Finder(entries);
        for (const each of entries) {
          const own = wordsOf(each.title);
          if (own.length === 0) continue;
          const question = (turned ? own.toReversed() : own).join(" ").toUpperCase();
          const groups = finder.find(question, entries.length);
          expect(groups.flatMap((group) => group.entries)).toContain(each);
          const first = groups.find(({ kind }) => kind === each.kind)!.entries[0]!;
          if (!turned) expect(wordsOf(first.title)).toEqual(own);
        }
      }),
    );
  });

  it("counts what it would show without a limit, and a longer question never finds more", () => {
    fc.assert(
      fc.property(someEntries, letters, letters, fc.integer({ min: 1, max: 4 }), (entries, one, more, most) => {
        const finder = new Finder(entries);
        const all = finder.find(one, entries.length);
        for (const [index, group] of finder.find(one, most).entries()) {
          expect(group.count).toBe(all[index]!.entries.length);
          expect(group.entries).toEqual(all[index]!.entries.slice(0, most));
        }
        if (wordsOf(one).length === 0) return;
        const found = all.flatMap((group) => group.entries);
        for (const group of finder.find(`${one} ${more}`, entries.length))
          for (const each of group.entries) expect(found).toContain(each);
      }),
    );
  });
});

describe("piecesOf(title, question)", () => {
  const hits = (title: string, question: string) =>
    piecesOf(title, question)
      .filter(({ hit }) => hit)
      .map(({ text }) => text);

  it("marks each word where it begins one, else where it first is", () => {
    expect(hits("Haagse Hout, Den Haag", "hou")).toEqual(["Hou"]);
    expect(hits("Coördinator", "ordi")).toEqual(["ördi"]);
    expect(hits("Den Haag", "zuid")).toEqual([]);
  });

  it("keeps every letter of the title", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (title, question) => {
        expect(
          piecesOf(title, question)
            .map(({ text }) => text)
            .join(""),
        ).toBe(title);
      }),
    );
  });
});

describe("placeAfter(key, place, length)", () => {
  it("goes round the ends, and to them", () => {
    expect(placeAfter("ArrowDown", 2, 3)).toBe(0);
    expect(placeAfter("ArrowUp", 0, 3)).toBe(2);
    expect([placeAfter("Home", 1, 3), placeAfter("End", 1, 3)]).toEqual([0, 2]);
  });

  it("leaves other keys, and an empty list, to the field", () => {
    expect(placeAfter("a", 1, 3)).toBeNull();
    expect(placeAfter("Home", 0, 0)).toBeNull();
  });
});

describe("takesKeys(target)", () => {
  it("is false where nothing has the focus", () => {
    expect(takesKeys(null)).toBe(false);
    expect(takesKeys({} as EventTarget)).toBe(false);
  });
});

describe("entriesOf(searched)", () => {
  const unit = (unit_id: string, name: string, level: Unit["level"], parent_id: string | null): Unit => ({
    ...{ unit_id, name, level, parent_id, predecessor_ids: [] },
    ...{ valid_from: "2013-01-01", valid_to: null },
  });
  const rows: Unit[] = [
    { ...unit("centrum", "Oude binnenstad", "district", "den-haag"), valid_to: "2014-12-31" },
    { ...unit("centrum", "Centrum", "district", "den-haag"), valid_from: "2015-01-01" },
    unit("den-haag", "Den Haag", "unit", "politie"),
    { ...unit("haaglanden", "Haaglanden", "unit", "politie"), valid_from: "2005-01-01", valid_to: "2012-12-31" },
    unit("hofstad", "Hofstad", "team", "centrum"),
    unit("politie", "Politie", "force", null),
  ];
  const made = (unitId: string | null = null) =>
    entriesOf({
      organisation: new Organisation(rows),
      definitions: [definition()],
      menu: [{ label: "nav.signals", href: "/signals" }],
      through: "2017-01-31",
      unitId,
      language: "nl",
      say: (key, values) => text("nl", key, values),
      to: (path, patch = {}) => `${path} ${JSON.stringify(patch)}`,
    });

  it("has each unit once, from the force down, with its path; what is closed comes last and says so", () => {
    const units = made().filter(({ kind }) => kind === "unit");
    expect(units.map(({ title, detail, note }) => [title, detail, note])).toEqual([
      ["Politie", "Korps", undefined],
      ["Den Haag", "Eenheid", undefined],
      ["Centrum", "District · Den Haag", undefined],
      ["Hofstad", "Basisteam · Den Haag › Centrum", undefined],
      ["Haaglanden", "Eenheid", "bestond tot en met 31 dec 2012"],
    ]);
  });

  it("finds a unit by the name that it had, and all that is under one by its name", () => {
    const finder = new Finder(made());
    expect(finder.find("binnenstad", 5)[0]!.entries.map(({ title }) => title)).toEqual(["Centrum"]);
    expect(finder.find("den haag", 5)[0]!.entries.map(({ title }) => title)).toEqual([
      "Den Haag",
      "Centrum",
      "Hofstad",
      "Haaglanden",
    ]);
  });

  it("leads to an indicator for the unit that the reader looks at", () => {
    const figure = (unitId: string | null) => made(unitId).find(({ kind }) => kind === "indicator")!;
    expect(figure("hofstad").href).toBe(`/indicator/${definition().indicator_id} {"unit":"hofstad"}`);
    expect(figure(null).href).toBe(`/indicator/${definition().indicator_id} {"unit":null}`);
    expect(figure(null).also).toBe(definition().indicator_id);
  });

  it("has the pages of the menu by their names", () => {
    expect(made().at(-1)).toMatchObject({ kind: "page", title: "Signalen", href: "/signals {}" });
  });
});
