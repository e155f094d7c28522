import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { writeCsv } from "../../server/csv.ts";
import type { Locale } from "../../server/format.ts";
import { smallTable } from "../../server/table.ts";

async function written(values: (string | number | null)[], locale: Locale): Promise<string> {
  const kind = values.some((value) => typeof value === "number") ? "number" : "text";
  const table = smallTable(
    [{ name: "a", kind }],
    values.map((a) => ({ a })),
  );
  let text = "";
  for await (const piece of writeCsv(table, locale)) text += piece;
  return text;
}

describe("writeCsv(table, locale)", () => {
  it("quotes what needs quotes, and only that", async () => {
    expect(await written(['say "no"', "a,b", "a;b", "two\nlines", "plain"], "en")).toBe(
      'a\r\n"say ""no"""\r\n"a,b"\r\na;b\r\n"two\nlines"\r\nplain\r\n',
    );
    expect(await written(["a,b", "a;b"], "nl")).toBe('\ufeffa\r\na,b\r\n"a;b"\r\n');
  });

  it("keeps numbers as numbers, negative ones too", async () => {
    expect(await written([-1.5, 0, 1e21, null], "en")).toBe("a\r\n-1.5\r\n0\r\n1e+21\r\n\r\n");
    expect(await written([-1.5, 1234567.25], "nl")).toBe("\ufeffa\r\n-1,5\r\n1234567,25\r\n");
  });

  it.each(["=1+1", "+31", "-x", "@sum", "\tx", "\r=1"])("disarms %j", async (text) => {
    const [, [cell]] = parse(await written([text], "en"), { relax_column_count: true }) as [unknown, [string]];
    expect(cell).toBe(`'${text}`);
  });
});
