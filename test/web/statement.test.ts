import { describe, expect, it } from "vitest";
import { formatDate } from "../../web/format.ts";
import { hasText, text } from "../../web/locales/text.ts";
import { alternatives, shortcomings, shortcuts, statementDate, tested, untested } from "../../web/state/statement.ts";

describe("the statement on accessibility", () => {
  it("has a day that exists, and says it in words", () => {
    expect(new Date(`${statementDate}T00:00:00Z`).toISOString().slice(0, 10)).toBe(statementDate);
    const said = text("nl", "access.date", { date: formatDate(statementDate, "nl") });
    expect(said).toMatch(/ \d{1,2} [a-z]+ \d{4} /);
  });

  it("has words for all that it names", () => {
    const keys = [
      ...tested.map((name) => `access.tested.${name}`),
      ...untested.map((name) => `access.untested.${name}`),
      ...shortcomings.flatMap((name) => [`access.short.${name}`, `access.short.${name}.instead`]),
      ...alternatives.map((name) => `access.alternative.${name}`),
      ...shortcuts.map(({ does }) => `access.does.${does}`),
    ];
    expect(keys.filter((key) => !hasText(key))).toEqual([]);
  });
});
