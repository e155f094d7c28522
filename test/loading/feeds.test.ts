import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeLoading, type Loading } from "./support.ts";

let loading: Loading;
beforeAll(async () => {
  loading = await makeLoading({ KVV_NOW: "2017-02-01T08:00:00Z" });
});
afterAll(() => loading.home.remove());

/** Loads a text and gives the rows that it became. */
async function loaded(feed: string, text: string, columns: string) {
  const result = await loading.load(feed, text);
  expect(result.refused).toBeNull();
  return { result, rows: await loading.db.all(`select ${columns} from ${feed} order by all`) };
}

describe("feeds with Dutch headers and words", () => {
  it("establishment", async () => {
    const text =
      "Peildatum;Eenheid;Sterkte;Functie;Formatie;Vacatures\n31-12-2016;Team Een;Operationeel;GGP;1.012,5;12,5\n";
    const { rows } = await loaded("establishment", text, "period, unit_id, category, position, fte, vacancies");
    expect(rows).toEqual([
      { period: "2016-12-31", unit_id: "n1", category: "executive", position: "GGP", fte: 1012.5, vacancies: 12.5 },
    ]);
  });

  it("committees: two that are alike stay two", async () => {
    const row = "15-03-2016;Noord;Teamchef;5;2;Ja\n";
    const { result, rows } = await loaded(
      "committees",
      `Datum;Eenheid;Functie;Leden;Vrouwen;Divers\n${row}${row}`,
      "position, members, women, diverse",
    );
    expect(result).toMatchObject({ read: 2, accepted: 2, merged: 0 });
    expect(rows).toEqual(Array(2).fill({ position: "team_chief", members: 5, women: 2, diverse: "yes" }));
  });

  it("absence: a part is not more than the whole", async () => {
    const text = "Maand;Eenheid;Beschikbare dagen;Ziektedagen\n2016-05;n1;1.200;72,5\n2016-05;n2;100;101\n";
    const refused = await loading.load("absence", text);
    expect(refused.refused).toMatch(/1 parts_exceed_whole/);
    const { rows } = await loaded("absence", text.replace("101", "1"), "unit_id, available_days, sick_days");
    expect(rows[0]).toEqual({ unit_id: "n1", available_days: 1200, sick_days: 72.5 });
  });

  it("integrity: what was withheld is withheld", async () => {
    const text =
      "maand,eenheid,kanaal,onderwerp,aantal contacten\n2016-05,n1,vertrouwenspersoon,pesten,7\n2016-05,n1,VIK,discriminatie,<5\n";
    const { rows } = await loaded("integrity", text, "channel, theme, contacts, withheld");
    expect(rows).toEqual([
      { channel: "adviser", theme: "bullying", contacts: 7, withheld: null },
      { channel: "vik", theme: "discrimination", contacts: null, withheld: ["contacts"] },
    ]);
  });

  it("outputs", async () => {
    const text = "datum;eenheid;opbrengst;aantal;tot en met\n1-9-2016;n1;Roze in Blauw;1;\n";
    expect((await loading.load("outputs", text)).reasons).toEqual({ not_allowed: 1 });
    const { rows } = await loaded(
      "outputs",
      "datum;eenheid;opbrengst;aantal;tot en met\n01-09-2016;n1;Aanspreekpunt;2;31-12-2018\n",
      "date, output, quantity, until",
    );
    expect(rows).toEqual([{ date: "2016-09-01", output: "contact_point", quantity: 2, until: "2018-12-31" }]);
  });

  it("actions: a later state of an action wins", async () => {
    const text = (status: string) =>
      `Kenmerk;Soort;Pijler;Titel;Eenheid;Stand;Einddatum;Begroting\nA1;Actie;verbinding;Iets;Politie;${status};31-12-2018;€\n`;
    expect((await loading.load("actions", text("loopt"))).reasons).toEqual({ wrong_type: 1 });
    await loading.load("actions", text("loopt").replace("€", "10.000,00"));
    const { rows } = await loaded("actions", text("gereed").replace("€", "12.000,00"), "status, due_on, budget");
    expect(rows).toEqual([{ status: "done", due_on: "2018-12-31", budget: 12000 }]);
  });

  it.each([
    ["whose due date is empty", "Einddatum", ";"],
    ["of a file without due dates", "", ""],
  ])("actions: one %s has the unit that its word meant last", async (_, header, end) => {
    const text = `Kenmerk;Soort;Pijler;Titel;Eenheid;Stand${end}${header}\nB${header};Actie;verbinding;Iets;Team Oud;loopt${end}\n`;
    const { rows } = await loaded("actions", text, "unit_id, due_on");
    expect(rows).toContainEqual({ unit_id: "new", due_on: null });
    expect(rows).not.toContainEqual({ unit_id: null, due_on: null });
  });

  it("population: a year stands for its last day, and its load for its months", async () => {
    const text = "eenheid;jaar;achtergrond;inwoners\nn1;2016;dubbel;1.234\nn1;2016;enkel;5000\n";
    const { rows } = await loaded("population", text, "year, background, persons");
    expect(rows).toEqual([
      { year: "2016-12-31", background: "dual", persons: 1234 },
      { year: "2016-12-31", background: "single", persons: 5000 },
    ]);
    const coverage = "select from_month, to_month from coverage where feed = 'population'";
    expect(await loading.db.all(coverage)).toEqual([{ from_month: "2016-01-01", to_month: "2016-12-31" }]);
    const later = await loading.load("population", text.replaceAll("2016", "2018"));
    expect(later.reasons).toEqual({ date_in_future: 2 });
  });
});
