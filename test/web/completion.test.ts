import { describe, expect, it } from "vitest";
import { suggestionsAt } from "../../web/state/completion.ts";
import { vocabularyOf } from "../../web/state/vocabulary.ts";
import { contracts } from "../support/figures.ts";

const feeds = vocabularyOf(
  [...contracts.values()].map(
    ({ name, ...contract }) => ({ ...contract, feed: name, weight: contract.weight ?? null }) as never,
  ),
);
const header = "/*---\ntitle: { nl: A, en: B }\nkind: sh\n---*/\n";

/** What is offered where the text has a bar. */
function offered(text: string): string[] {
  const at = text.indexOf("¦");
  const found = suggestionsAt(text.replace("¦", ""), at, feeds);
  return (found?.options ?? []).map((option) => option.text);
}

describe("suggestionsAt(text, at, feeds)", () => {
  it("offers what a key of the header may say, and keys that are not there yet", () => {
    expect(offered("/*---\nkind: ¦\n---*/\n")).toContain("duration");
    expect(offered("/*---\nlevels: [force, ¦]\n---*/\n")).toContain("bureau");
    expect(offered("/*---\ntitle: x\nti¦\n---*/\n")).not.toContain("title: ");
    expect(offered("/*---\ntitle: x\nqu¦\n---*/\n")).toContain("question: ");
    expect(offered("/*---\ntitle: ¦\n---*/\n")).toEqual([]);
    expect(offered("/*---\n  nl: ¦\n---*/\n")).toEqual([]);
  });

  it("offers feeds after FROM and JOIN, and then the columns of what is read", () => {
    expect(offered(`${header}select unit_id from ¦`)).toEqual(expect.arrayContaining(["complaints", "movements"]));
    expect(offered(`${header}select * from complaints join st¦`)).toContain("staffing");
    const columns = offered(`${header}select ¦ from complaints`);
    expect(columns).toEqual(expect.arrayContaining(["received_on", "closed_on", "select"]));
    expect(columns).not.toContain("headcount");
    expect(offered(`${header}select ¦`)).toContain("headcount");
  });

  it("offers the values of a column within quotes, and no column that names a person", () => {
    expect(offered(`${header}select * from complaints where outcome = '¦`)).toContain("founded");
    expect(offered(`${header}select * from complaints where outcome in ('founded', 'un¦')`)).toContain("unfounded");
    expect(offered(`${header}select * from complaints where list_has_any(aspects, ['¦`)).toContain("treatment");
    expect(offered(`${header}select * from complaints where something = '¦`)).toEqual([]);
    expect(offered(`${header}select 'a ¦`)).toEqual([]);
    expect(offered(`${header}select ¦ from movements`)).not.toContain("employee_id");
  });

  it("offers columns in a query without a header too", () => {
    expect(offered("select ¦ from complaints")).toContain("received_on");
  });

  it("says what takes the place of what is written", () => {
    const text = `${header}select rece`;
    expect(suggestionsAt(`${text} from complaints`, text.length, feeds)?.from).toBe(text.length - "rece".length);
  });
});
