import { describe, expect, it } from "vitest";
import { captionOf, wrapped } from "../../web/state/caption.ts";
import { stampedName } from "../../web/state/stamped-name.ts";
import { definition } from "../support/rows.ts";

const meta = {
  ...{ snapshot: "20170203T060000Z-0000aa", published_at: "2017-02-03T06:00:00Z", data_through: "2017-01-31" },
  demo: true,
};

describe("captionOf(definition, subject, meta, language)", () => {
  it("says what the figure means, and of which snapshot and days it is", () => {
    const { title, lines } = captionOf(
      definition({
        title: { nl: "Vrouwen", en: "Women" },
        numerator: { nl: "vrouwen", en: "women" },
        denominator: { nl: "collega's", en: "colleagues" },
        caveats: { nl: "Zonder stagiairs.", en: "Without interns." },
        owner: "HRM",
        version: 2,
        valid_from: "2015-01-01",
      }),
      "Den Haag, per half year",
      meta,
      "en",
    );
    expect(title).toBe("Women – Den Haag, per half year");
    expect(lines.slice(0, 3)).toEqual(["Numerator: women", "Denominator: colleagues", "Note: Without interns."]);
    expect(lines[3]).toMatch(/definition 2 \(from 1 January 2015\); owner HRM$/);
    expect(lines[4]).toMatch(
      /^Snapshot 20170203T060000Z-0000aa, published 3 Feb 2017.*; data through 31 January 2017; demo data$/,
    );
  });
});

describe("stampedName(name, meta)", () => {
  it("ends with the snapshot, where there is one", () => {
    expect(stampedName("complaints", meta)).toBe("complaints-20170203T060000Z-0000aa");
    expect(stampedName("complaints", null)).toBe("complaints");
  });
});

describe("wrapped(line, width, measure)", () => {
  it("breaks between words, and leaves a long word whole", () => {
    const length = (text: string) => text.length;
    expect(wrapped("een twee  drie vier", 9, length)).toEqual(["een twee", "drie vier"]);
    expect(wrapped("a onuitspreekbaar b", 5, length)).toEqual(["a", "onuitspreekbaar", "b"]);
    expect(wrapped("", 5, length)).toEqual([]);
  });
});
