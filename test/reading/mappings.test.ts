import { mkdirSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { command } from "../../pipelines/commands/check.ts";
import { mappingFaults } from "../../pipelines/reading/mappings.ts";
import { makeHome } from "../support/home.ts";

const home = makeHome();
afterAll(() => home.remove());
const config = path.join(path.dirname(home.folder), "config");
const settings = { home: home.folder, config };

describe("mappingFaults(settings, contracts)", () => {
  it("there are none where there are no mappings", () => {
    expect(mappingFaults(settings, home.contracts)).toEqual([]);
  });

  it("names every fault in the inbox and in data/mappings, with its line", () => {
    home.write("home/inbox/complaints/mapping.yaml", "feed: complaints\ncolumns:\n  nothing: x\n");
    home.write("home/inbox/staffing/mapping.yaml", "feed: complaints\n");
    home.write("config/data/mappings/good.yaml", "feed: complaints\ncolumns: { complaint_id: nr }\n");
    home.write("config/data/mappings/noord/bad.yaml", "feed: survey\nheader_row: 0\nfull: true\n");
    home.write("config/data/mappings/nobody.yaml", "# van wie?\nfeed: klachten\n");
    home.write("config/data/mappings/none.yaml", "columns: {}\n");
    home.write("config/data/mappings/broken.yaml", "feed: complaints\ncolumns: {\n");
    mkdirSync(path.join(config, "data", "mappings", "folder.yaml"));
    const found = mappingFaults(settings, home.contracts).map(
      ({ file, line, message }) => `${path.relative(path.dirname(home.folder), file)}:${line}: ${message}`,
    );
    expect(found).toEqual([
      expect.stringMatching(/^home\/inbox\/complaints\/mapping\.yaml:3: complaints has no column "nothing"/),
      expect.stringMatching(/^home\/inbox\/staffing\/mapping\.yaml:1: this mapping is for "complaints"/),
      expect.stringMatching(/^config\/data\/mappings\/broken\.yaml:\d: not YAML/),
      expect.stringMatching(/^config\/data\/mappings\/nobody\.yaml:2: there is no feed "klachten"; there are: absence/),
      expect.stringMatching(/^config\/data\/mappings\/none\.yaml:1: say which feed this mapping is for/),
      expect.stringMatching(/^config\/data\/mappings\/noord\/bad\.yaml:2: header_row/),
    ]);
  });

  it("kvv check tells them", async () => {
    const project = { contracts: home.contracts, definitions: [], targets: [], jobs: [], faults: [] };
    const context = { ...home.context, settings: { ...home.context.settings, config } };
    const work = {
      context,
      project: () => Promise.resolve(project),
      values: {},
      positionals: [],
      cwd: home.folder,
    } as never;
    const result = (await command.run(work)) as { ok: boolean; faults: { file: string }[] };
    expect(result.ok).toBe(false);
    expect(result.faults.map(({ file }) => file)).toContain(path.join("data", "mappings", "noord", "bad.yaml"));
    expect(result.faults.map(({ file }) => file)).toContain(
      path.join(home.folder, "inbox", "complaints", "mapping.yaml"),
    );
  });
});
