import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { connectOwner, listenForCommands } from "../../pipelines/handover.ts";
import type { DraftPreview } from "../../pipelines/workbench/draft.ts";
import { workbenchFolder } from "../../pipelines/workbench/feeds-copy.ts";
import { bounded } from "./hostile.ts";
import { makeBench, standing, targetHeader, targetOf, within70, withQuery, type Bench } from "./support.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await makeBench();
});
afterAll(() => bench.stop());

const days = standing("complaints-days");
const asked = ({ indicator_id, definition, targets }: typeof days) => ({ indicator_id, definition, targets });

describe("draft-check", () => {
  it("finds nothing wrong with what stands, and works its example", async () => {
    const { faults, header, feeds, examples, sql, ...said } = await bench.check(days);
    expect(faults).toEqual([]);
    expect(header?.kind).toBe("duration");
    expect(feeds).toEqual(["complaints"]);
    expect(said).toEqual({ protected: false, less_protected: [], form: false });
    expect(sql.startsWith("select")).toBe(true);
    expect(examples).toHaveLength(5);
    expect(examples[0]).toEqual({
      ...{ unit_id: "politie", grain: "year", period_end: "2016-12-31", breakdown: null, breakdown_value: null },
      expected: { numerator: "3", denominator: "5", unknown: "2", value: "43" },
      got: { numerator: 3, denominator: 5, unknown: 2, value: 43 },
      ok: true,
    });
  });

  it("names every fault at its place, in the words of kvv check", async () => {
    const definition = days.definition
      .replace("polarity: down", "polarity: sideways")
      .replace("from complaints", "from complaintz, read_csv('/etc/passwd')");
    const { faults, header, feeds } = await bench.check({ ...days, definition });
    const line = (text: string) => definition.split("\n").findIndex((each) => each.includes(text)) + 1;
    expect(header).toBeNull();
    expect(feeds).toEqual([]);
    expect(faults.map(({ part, line }) => [part, line])).toEqual(
      expect.arrayContaining([
        ["definition", line("sideways")],
        ["definition", line("complaintz")],
      ]),
    );
    const said = faults.map(({ message }) => message).join("\n");
    expect(said).toContain('there is no feed "complaintz"');
    expect(said).toContain("read_csv() is not permitted");
  });

  it.each([
    ["what cannot be parsed", "select\n  unit_id,\n  from from complaints", "no SELECT that the engine can read"],
    [
      "what does not bind",
      "select\n  unit_id,\n  received_on + unit_id as month, 1 as numerator\nfrom complaints",
      "Binder Error: ",
    ],
    ["what is not permitted", "\n\nselect now() as x\nfrom complaints", "now() is not permitted"],
    [
      "a column that there is not",
      "select unit_id,\n  received_on as month,\n  sum(amount) as numerator\nfrom complaints",
      'there is no column "amount"',
    ],
  ])("finds the line of %s", async (_name, query, message) => {
    const draft = withQuery(within70, query);
    const { faults } = await bench.check(draft);
    const [fault] = faults.filter((each) => each.message.includes(message));
    const first = draft.definition.split("\n").indexOf("---*/") + 2;
    expect(fault).toMatchObject({ part: "definition", line: first + 2 });
  });

  it("asks for a new version where another query stands under the recorded number", async () => {
    const { faults } = await bench.check(withQuery(days, days.definition.split("---*/\n")[1]!.replace("70", "71")));
    expect(faults.map(({ message }) => message).join()).toContain("is not that of version 1 as it was recorded");
  });

  it("says which figure of the example is another", async () => {
    const { examples, faults } = await bench.check({ ...days, examples: days.examples.replace(" 43\n", " 44\n") });
    expect(faults).toEqual([]);
    expect(examples.filter(({ ok }) => !ok).map(({ expected, got }) => [expected.value, got?.value])).toEqual([
      ["44", 43],
    ]);
  });

  it("names the line of a target that cannot be", async () => {
    const head =
      "indicator_id,unit_id,breakdown,breakdown_value,goal,status,from,to,kind,value,tolerance,grain,baseline_from,baseline_to,source,by,proposed_on,decided_on";
    const row =
      "complaints-days,politie,,,streefcijfer,proposed,2017-01-01,2016-12-31,at_most,42,,year,,,AWB 9:11,ours,,";
    const { faults } = await bench.check({ ...days, targets: `${head}\n${row}\n` });
    expect(faults).toEqual([{ part: "targets", line: 2, message: "from 2017-01-01 is after to 2016-12-31" }]);
  });
});

describe("draft-preview", () => {
  it("computes a draft over the whole force, and says through which load", async () => {
    const preview = await bench.preview(asked(days));
    const year = preview.rows.find(
      ({ unit_id, grain, period_end }) => unit_id === "force" && grain === "year" && period_end === "2016-12-31",
    );
    expect(year).toMatchObject({ level: "force", denominator: 100, withheld: false, judgement: "no_target" });
    expect(preview.rounded).toBe(false);
    expect(preview.through_load).toBe(2);
    expect(preview.withheld.find(({ level, grain }) => level === "force" && grain === "year")?.withheld).toBe(0);
  });

  it("has what was loaded since in the next preview", async () => {
    await bench.load(
      "complaints",
      "complaint_id,received_on,unit_id,aspects,outcome,closed_on\nZ-1,2016-02-01,s1,service,settled,2016-02-02\n",
    );
    const { rows, through_load } = await bench.preview(asked(days));
    const [south] = rows.filter(
      ({ unit_id, grain, period_end }) => unit_id === "south" && grain === "year" && period_end === "2016-12-31",
    );
    expect([through_load, south?.denominator, south?.value]).toEqual([3, 1, 1]);
  });

  it("shows what differs from what stands", async () => {
    const query =
      "select unit_id, received_on as month, closed_on - received_on + 1 as days, sum(count) as numerator, true as within from complaints group by all";
    const { compared } = await bench.preview({ ...asked(withQuery(days, query)), against: "current" });
    const [year] = compared.filter(
      ({ unit_id, grain, period_end }) => unit_id === "south" && grain === "year" && period_end === "2016-12-31",
    );
    expect(year).toMatchObject({ level: "unit", before: 1, after: 2 });
    const { compared: same } = await bench.preview({ ...asked(days), against: "current" });
    expect(same).toEqual([]);
  });

  it("answers the same whatever was previewed between, and by whom", async () => {
    const complaints = standing("complaints");
    const targets = `${targetHeader}\n${targetOf("complaints-days", "40").replace("2016-01-01,2017", "2011-01-01,2017")}\n`;
    const [first, ofOther, ofTarget, last] = [
      await bench.preview(asked(days)),
      await bench.preview(asked(complaints)),
      await bench.preview({ ...asked(days), targets }),
      await bench.preview(asked(days)),
    ];
    expect(last.rows).toEqual(first.rows);
    expect(ofOther.rows.every(({ indicator_id }) => indicator_id === "complaints")).toBe(true);
    const targeted = ofTarget.rows.filter(({ target }) => target === 40);
    expect(targeted.some(({ unit_id, grain }) => unit_id === "force" && grain === "target")).toBe(true);
  });

  it("has every row of a unit that is asked for", async () => {
    const few = await bench.preview(asked(standing("complaints")));
    const all = await bench.preview({ ...asked(standing("complaints")), units: ["n1"] });
    const by = ({ rows }: DraftPreview) => rows.filter(({ unit_id, breakdown }) => unit_id === "n1" && breakdown);
    expect(by(few)).toEqual([]);
    expect(by(all).length).toBeGreaterThan(0);
  });

  it("refuses a breakdown that would list what there is one by one", async () => {
    const listed = (value: string) =>
      withQuery(
        {
          ...within70,
          definition: within70.definition.replace(
            /---\*\//,
            "breakdowns:\n  - name: who\n    title: { nl: wie, en: who }\n---*/",
          ),
        },
        `select unit_id, received_on as month, ${value} as who, sum(count) as numerator, sum(count) as denominator from complaints group by all`,
      );
    await expect(bench.preview(asked(listed("complaint_id")))).rejects.toThrow(
      /the breakdown who has \d+ values; at most 100/,
    );
    await expect(
      bench.preview(
        asked(listed("'0123456789012345678901234567890123456789' || '01234567890123456789012345678901234567890'")),
      ),
    ).rejects.toThrow(/a value of 81 characters; at most 80/);
    await expect(bench.preview(asked(listed("coalesce(outcome, 'open')")))).resolves.toMatchObject({ rounded: false });
  });

  it("refuses one of citizens' cases that counts a case more than once, as small counts would pass for large ones", async () => {
    const ten = withQuery(
      within70,
      "select unit_id, received_on as month, 10 * sum(count) as numerator, 10 * sum(count) as denominator from complaints group by all",
    );
    const { failed, code } = await bench.ask("draft-preview", {
      ...{ indicator_id: ten.indicator_id, definition: ten.definition, targets: "" },
    });
    expect([code, failed]).toEqual(["draft-refused", expect.stringContaining("somebody counts 10 times in numerator")]);
  });

  it("refuses one that picks a unit out without naming it", async () => {
    const { failed, code } = await bench.ask("draft-preview", {
      ...asked(
        withQuery(
          within70,
          "select unit_id, received_on as month, sum(if(hash(unit_id) = 13815214126497245461, 0, count)) as numerator, sum(count) as denominator from complaints group by all",
        ),
      ),
    });
    expect([code, failed]).toEqual(["draft-refused", expect.stringContaining("what a unit is called")]);
    const { faults } = await bench.check(
      withQuery(
        within70,
        "select unit_id, received_on as month, sum(if(hash(unit_id) = 13815214126497245461, 0, count)) as numerator, sum(count) as denominator from complaints group by all",
      ),
    );
    expect(faults.map(({ message }) => message)).toEqual([
      "figures could change with what a unit is called, or with whose number it is (the name of a unit stands in hash()): select it, group by it or join it with another, as it is",
    ]);
  });

  it("refuses what a draft may not say, with the reason", async () => {
    const { failed, code } = await bench.ask(
      "draft-preview",
      asked(withQuery(days, "select * from duckdb_settings()")),
    );
    expect(code).toBe("draft-refused");
    expect(failed).toContain("duckdb_settings() is not permitted");
  });
});

describe("beside the work of the owner", () => {
  const slow = asked(withQuery(within70, bounded.find(({ name }) => name === "joins ranges")!.sql));
  const through = async () => {
    const { result, failed, code } = await bench.ask("draft-preview", asked(within70));
    return (result as DraftPreview | undefined)?.through_load ?? [code, failed];
  };

  it("a file is loaded while a draft takes its time", async () => {
    await through();
    const gone = new AbortController();
    let ended = false;
    const draft = bench.ask("draft-preview", slow, gone.signal).finally(() => (ended = true));
    await bench.load(
      "complaints",
      "complaint_id,received_on,unit_id,aspects,outcome,closed_on\nB-1,2016-02-01,s1,service,settled,2016-02-02\n",
    );
    expect(ended).toBe(false);
    gone.abort();
    expect((await draft).code).toBe("draft-cancelled");
  });

  it("a draft is run over the copy of before while the owner is busy, and says so", async () => {
    const before = (await through()) as number;
    await bench.load(
      "complaints",
      "complaint_id,received_on,unit_id,aspects,outcome,closed_on\nB-2,2016-02-01,s1,service,settled,2016-02-02\n",
    );
    let end: (value?: unknown) => void = () => undefined;
    const busy = bench.owner.work("test", () => new Promise((resolve) => (end = resolve)));
    expect(await through()).toBe(before);
    end();
    await busy;
    expect(await through()).toBe(before + 1);
  });

  it("the first copy is made beside the owner's work, of what was kept last, and made again after it", async () => {
    const other = await makeBench();
    try {
      let end: (value?: unknown) => void = () => undefined;
      const busy = other.owner.work("test", (_project, db) =>
        db.transaction(async () => {
          await db.run("update complaints set count = 7");
          await new Promise((resolve) => (end = resolve));
        }),
      );
      const denominator = async () => {
        const { rows } = await other.preview(asked(within70));
        return rows.find(({ unit_id, grain }) => unit_id === "force" && grain === "year")?.denominator;
      };
      expect(await denominator()).toBe(100);
      end();
      await busy;
      expect(await denominator()).toBe(700);
    } finally {
      await other.stop();
    }
  });

  it("whoever hangs up has the draft stopped", async () => {
    const server = await listenForCommands(bench.home.folder, (ask, tell, gone) => bench.owner.answer(ask, tell, gone));
    try {
      const socket = (await connectOwner(bench.home.folder))!;
      const ask = { command: "draft-preview", arguments: [], cwd: bench.home.folder, draft: slow };
      socket.write(JSON.stringify(ask) + "\n");
      await sleep(300);
      socket.destroy();
      const started = performance.now();
      expect(await through()).toBeTypeOf("number");
      // The limit of the first is five seconds from its start on.
      expect(performance.now() - started).toBeLessThan(4000);
    } finally {
      server.close();
    }
  });

  it("what was approved has its turn, however many previews wait", async () => {
    const other = await makeBench();
    const gone = new AbortController();
    try {
      const preview = () => other.ask("draft-preview", slow, gone.signal);
      const previews = [preview()];
      // The first is run, and leaves its place to wait; then all are taken.
      await sleep(200);
      for (let i = 0; i < 5; i++) previews.push(preview());
      expect((await Promise.race(previews)).code).toBe("busy");
      const adopted = other.ask("draft-adopt", { ...within70, by: "anna", approved_by: "bert" });
      // By then it asks for its turn behind those that wait.
      await sleep(1000);
      gone.abort();
      expect(await adopted).toMatchObject({ result: { indicator_id: "complaints-within-70", version: 1 } });
      await Promise.all(previews);
    } finally {
      await other.stop();
    }
  });

  it("no copy is left when the owner ends", async () => {
    const other = await makeBench();
    await other.preview(asked(within70));
    expect(readdirSync(workbenchFolder(other.home.folder))).toHaveLength(1);
    await other.owner.close();
    expect(readdirSync(workbenchFolder(other.home.folder))).toEqual([]);
    await other.home.remove();
  });
});
