import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { overlayIn, type Overlay } from "../pipelines/overlay.ts";
import { ProjectReader } from "../pipelines/project.ts";
import { makeForce, type Force } from "./support/force.ts";

let force: Force;
let reader: ProjectReader;
let overlay: Overlay;
let own: string;
let text: string;
beforeEach(() => {
  force = makeForce();
  const { settings } = force.home.context;
  reader = new ProjectReader(settings);
  overlay = overlayIn(settings.home);
  own = path.join(force.config, "pipelines", "indicators", "complaints.sql");
  text = readFileSync(own, "utf8");
});
afterEach(() => force.home.remove());

function write(file: string, content: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}
const adopted = (id = "complaints") => path.join(overlay.indicators, `${id}.sql`);
const titled = (title: string, number: number) =>
  text
    .replace(/en: [^}]+/, `en: ${title} `)
    .replace(
      /version: \{ number: \d+, valid_from: [^,]+/,
      `version: { number: ${number}, valid_from: 2005-0${number}-01`,
    );
const titles = async () => (await reader.read()).definitions.map(({ id, title }) => [id, title.en]);
const faults = async () => (await reader.read()).faults;

describe("ProjectReader.read(), what was adopted in the home", () => {
  it("has an indicator that the configuration does not have", async () => {
    write(adopted("more-complaints"), titled("More", 1));
    expect(await titles()).toContainEqual(["more-complaints", "More"]);
    expect((await reader.read()).files.get("more-complaints")).toBe(adopted("more-complaints"));
  });

  it("holds where its version is the later one, and the configuration's from when that is as late", async () => {
    write(adopted(), titled("Adopted", 2));
    expect(await titles()).toEqual([["complaints", "Adopted"]]);
    writeFileSync(own, titled("Written", 3));
    expect(await titles()).toEqual([["complaints", "Written"]]);
    writeFileSync(own, titled("Adopted", 2));
    expect([await titles(), await faults()]).toEqual([[["complaints", "Adopted"]], []]);
    expect((await reader.read()).files.get("complaints")).toBe(own);
  });

  it("is a fault where it is the same version with another text, which names both files", async () => {
    write(adopted(), titled("Adopted", 1));
    expect(await faults()).toEqual([
      {
        file: adopted(),
        line: 1,
        message: `version 1 stands with another text in ${own}: give one of them the next version, or remove the one that does not hold`,
      },
    ]);
  });

  it("keeps what earlier versions compute, recorded here or there; one recorded in both ways is a fault", async () => {
    const record = (number: number, where: string) =>
      `/*---\nkind: count\nstock: false\nper: 1\ncovered_by: all\nbreakdowns:\n  - aspect\nversion:\n  number: ${number}\n  valid_from: 2005-0${number}-01\n  change:\n    nl: Versie\n    en: Version\n---*/\nselect unit_id, received_on as month, sum(count) as numerator, aspects as aspect from complaints ${where} group by all\n`;
    const file = (folder: string, number: number) => path.join(folder, "versions", `complaints.${number}.sql`);
    write(file(path.dirname(own), 1), record(1, "where count > 1"));
    write(file(overlay.indicators, 2), record(2, "where count > 2"));
    write(adopted(), titled("Adopted", 3));
    const { definitions } = await reader.read();
    expect(
      definitions[0]!.earlier?.map(({ version, sql }) => [version.number, /where[^g]*/.exec(sql)![0].trim()]),
    ).toEqual([
      [1, "where count > 1"],
      [2, "where count > 2"],
    ]);
    write(file(path.dirname(own), 2), record(2, "where count > 2"));
    expect(await faults()).toEqual([]);
    write(file(path.dirname(own), 2), record(2, "where count > 3"));
    expect(await faults()).toMatchObject([
      { file: file(overlay.indicators, 2), message: expect.stringContaining(file(path.dirname(own), 2)) },
    ]);
  });

  it("has the targets of an indicator all from one file", async () => {
    const header =
      "indicator_id,unit_id,breakdown,breakdown_value,goal,status,from,to,kind,value,tolerance,grain,baseline_from,baseline_to,source,by,proposed_on,decided_on";
    const line = (id: string, year: number, value: number) =>
      `${id},politie,,,streefcijfer,decided,${year}-01-01,${year}-12-31,at_most,${value},,year,,,KVV,ours,,`;
    write(adopted("more-complaints"), titled("More", 1));
    const file = path.join(force.config, "data", "targets.csv");
    write(
      file,
      [header, line("complaints", 2016, 1), line("complaints", 2017, 2), line("more-complaints", 2016, 3)].join("\n"),
    );
    const read = async () =>
      (await reader.read()).targets.map(({ indicator_id, from, value }) => [indicator_id, from.slice(0, 4), value]);
    expect(await read()).toHaveLength(3);
    write(overlay.targets, [header, line("complaints", 2017, 4)].join("\n"));
    expect(await read()).toEqual([
      ["more-complaints", "2016", 3],
      ["complaints", "2017", 4],
    ]);
    const ids = (await reader.read()).targets.map(({ target_id }) => target_id);
    expect(new Set(ids).size).toBe(2);
    write(overlay.targets, [header, line("complaints", 2017, 4), line("nothing", 2017, 4)].join("\n"));
    expect(await faults()).toEqual([{ file: overlay.targets, line: 3, message: 'there is no indicator "nothing"' }]);
  });
});
