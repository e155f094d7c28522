import { afterAll, beforeAll, describe, expect, it } from "vitest";
import readXlsx from "read-excel-file/node";
import { extractText, getDocumentProxy } from "unpdf";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askJson, askProblem } from "../ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture({ now: () => new Date("2017-02-10T09:00:00Z") });
});
afterAll(() => fixture.stop());

async function file(path: string): Promise<Buffer> {
  const { status, bytes } = await ask(fixture, `/api/v1/subjects/${path}`);
  expect(status, bytes.toString().slice(0, 200)).toBe(200);
  return bytes;
}

async function textOf(pdf: Buffer): Promise<string> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true });
  return text.replace(/\s+/g, " ");
}

describe("GET /api/v1/subjects/:subject/:unit/:year/report.pdf", () => {
  it("says what the API says of each year, in Dutch or English", async () => {
    const rows = await askJson<{ period_end: string; value: number | null; breakdown: null }[]>(
      fixture,
      "/series?indicator=complaints&unit=den-haag&grain=year&from=2012-01-01&to=2016-12-31",
    );
    const values = rows.map(({ value }) => value!.toLocaleString("nl-NL"));
    expect(values.length).toBeGreaterThan(2);
    const dutch = await textOf(await file("conduct/den-haag/2016/report.pdf"));
    expect(dutch).toContain("Klachten over houding en gedrag Den Haag");
    expect(dutch).toContain(`Klachten ${values.join(" ")}`);
    const english = await textOf(await file("conduct/den-haag/2016/report.pdf?locale=en"));
    expect(english).toContain("Complaints about attitude and conduct Den Haag");
  });

  it("shows what others count apart, with the source and without a number of ours, up to its year", async () => {
    const text = await textOf(await file("conduct/politie/2016/report.pdf"));
    const apart = text.slice(text.indexOf("Wat anderen tellen"));
    expect(apart).toMatch(/niet mee te vergelijken.*Klachten bij de ombudsman 2016 1\.412 Ombudsman: Jaarverslag 2016/);
    expect(apart).not.toContain("1.500");
    expect(await textOf(await file("conduct/politie/2016/report.pdf?locale=en"))).toContain(
      "Complaints to the ombudsman",
    );
    expect(await textOf(await file("conduct/den-haag/2016/report.pdf"))).not.toContain("Wat anderen tellen");
    const sheets = await readXlsx(await file("conduct/politie/2016/report.xlsx"));
    const published = sheets.find(({ sheet }) => sheet === "Elders gepubliceerd")!;
    expect(published.data).toContainEqual(["Klachten bij de ombudsman", "2016", 1412, "Ombudsman: Jaarverslag 2016", "over the whole government"]); // prettier-ignore
  });

  it.each(["discrimination", "exits", "conduct"])(
    "is made of %s for the force and a unit, also where nothing is known",
    async (subject) => {
      for (const unit of ["politie", "den-haag"])
        expect(
          (await getDocumentProxy(new Uint8Array(await file(`${subject}/${unit}/2016/report.pdf`)))).numPages,
        ).toBeGreaterThan(0);
    },
  );

  it("is 404 for a unit or year that there is not, 400 for another subject", async () => {
    const refused = (path: string) => askProblem(fixture, `/api/v1/subjects/${path}/report.pdf`);
    expect(await refused("conduct/nergens/2016")).toMatchObject({ status: 404 });
    expect(await refused("conduct/den-haag/2090")).toMatchObject({ status: 404 });
    expect(await refused("weer/den-haag/2016")).toMatchObject({ status: 400 });
    expect(await refused("conduct/den-haag/nooit")).toMatchObject({ status: 400 });
  });
});

describe("GET /api/v1/subjects/:subject/:unit/:year/report.xlsx", () => {
  it("has the same figures as numbers, and what they count", async () => {
    const sheets = await readXlsx(await file("conduct/den-haag/2016/report.xlsx?locale=nl"));
    expect(sheets.map(({ sheet }) => sheet)).toEqual([
      "Per jaar",
      "Uitgesplitst",
      "Elders gepubliceerd",
      "Definities en bronnen",
    ]);
    const line = sheets[0]!.data.find(([title]) => title === "Klachten")!;
    const rows = await askJson<{ value: number }[]>(
      fixture,
      "/series?indicator=complaints&unit=den-haag&grain=year&to=2016-12-31",
    );
    expect(line.slice(1)).toEqual(rows.map(({ value }) => value));
  });
});
