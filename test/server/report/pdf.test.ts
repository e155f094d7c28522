import { extractText, getDocumentProxy } from "unpdf";
import { describe, expect, it } from "vitest";
import { heading, line, type Block, type Report } from "../../../server/report/blocks.ts";
import { makePdf } from "../../../server/report/pdf.ts";

const report = (blocks: Block[]): Report => ({
  ...{ title: "Proef", subtitle: "van de opmaak", language: "nl", at: "2017-02-10T09:00:00Z", author: "de monitor" },
  ...{ description: "Proef", keywords: [], mark: null, demo: null, footer: "Proef", blocks },
});

async function pagesOf(blocks: Block[]): Promise<string[]> {
  const pdf = await makePdf(report(blocks));
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: false });
  return text;
}

const filler = (lines: number): Block[] => Array.from({ length: lines }, (_, index) => line(`regel ${index}`));
const pageWith = (pages: string[], text: string) => pages.findIndex((page) => page.includes(text));

describe("makePdf(report)", () => {
  it("puts no heading, and no head of a table with fewer than three rows, at the foot of a page", async () => {
    const table: Block = {
      kind: "table",
      columns: [{ title: "Eerste kolom", width: 1 }],
      rows: Array.from({ length: 40 }, (_, index) => [{ text: `rij-${index};` }]),
    };
    const begins = new Set<number>();
    for (let lines = 24; lines <= 36; lines += 1) {
      const pages = await pagesOf([...filler(lines), heading(1, "Een tabel"), table]);
      const begin = pageWith(pages, "Een tabel");
      begins.add(begin);
      expect([pageWith(pages, "Eerste kolom"), pageWith(pages, "rij-2;")], `${lines} lines`).toEqual([begin, begin]);
      // Its other rows go on below one another, on the next page with the head again.
      expect(pages.join(" ").match(/rij-\d+;/g)).toHaveLength(40);
    }
    expect(begins).toEqual(new Set([0, 1]));
  });

  it("keeps together what belongs together", async () => {
    const seal: Block = { kind: "together", blocks: [heading(1, "Slot"), ...filler(4), line("het laatste woord")] };
    const begins = new Set<number>();
    for (let lines = 30; lines <= 44; lines += 1) {
      const pages = await pagesOf([...filler(lines), seal]);
      begins.add(pageWith(pages, "Slot"));
      expect(pageWith(pages, "het laatste woord"), `${lines} lines`).toBe(pageWith(pages, "Slot"));
    }
    expect(begins).toEqual(new Set([0, 1]));
  });
});
