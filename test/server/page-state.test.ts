import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { PageState, showsWork, type PageStateOptions } from "../../server/page-state.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { routes } from "../../server/routes/index.ts";
import { smallTable, type Field } from "../../server/table.ts";

const fields = ["feed", "title_nl", "title_en", "freshness", "trouble", "covered_to", "last_load_at"].map(
  (name): Field => ({ name, kind: "text" }),
);
const fresh = ["complaints", "Klachten", "Complaints", "fresh", null, "2017-01-31", "2017-02-03"];
/** The same feed, in which something is otherwise. */
const but = (changes: Partial<Record<string, string>>) => fields.map(({ name }, i) => changes[name] ?? fresh[i]!);

/** What a state is named by of these feeds. */
async function stateOf(feed: (string | null)[], { address = "/", version = "1", ...others } = {}) {
  let asked = 0;
  const options: PageStateOptions = {
    snapshots: { manifest: { snapshot: "a" } as never, dayOf: () => "2017-03-01" },
    operations: {
      version: async () => version,
      query: async () => {
        asked += 1;
        return smallTable(fields, [Object.fromEntries(fields.map(({ name }, i) => [name, feed[i]]))]);
      },
    },
    version: "code",
    now: () => new Date(0),
    ...others,
  };
  const state = new PageState(options);
  const name = JSON.stringify(await state.of(address));
  await state.of(address);
  return { name, asked };
}

describe("PageState.of(address, snapshot)", () => {
  it("is the same after a load, where no page tells of it", async () => {
    const before = await stateOf(fresh);
    const after = await stateOf(but({ last_load_at: "2017-02-04", covered_to: "2017-02-28" }), { version: "2" });
    expect(after.name).toBe(before.name);
  });

  it.each<Partial<Record<string, string>>>([{ freshness: "overdue" }, { trouble: "refused" }, { title_nl: "Klacht" }])(
    "is another where pages tell something else: %j",
    async (change) => expect((await stateOf(but(change))).name).not.toBe((await stateOf(fresh)).name),
  );

  it("is another for each step of a feed that is late", async () => {
    const late = (covered_to: string) => stateOf(but({ freshness: "overdue", covered_to }));
    expect((await late("2017-02-28")).name).not.toBe((await late("2017-01-31")).name);
  });

  it("follows each step of the work on pages that show it", async () => {
    const of = (version: string) => stateOf(fresh, { address: "/data?feed=complaints", version });
    expect((await of("2")).name).not.toBe((await of("1")).name);
  });

  it("reads the feeds once for each state of the work", async () => expect((await stateOf(fresh)).asked).toBe(1));

  it("names the snapshot that will be served, where that is asked; nothing before the first", async () => {
    const options = { version: "code", now: () => new Date(0), operations: { version: async () => "1", query: async () => null } }; // prettier-ignore
    const dayOf = () => "2017-03-01";
    const served = new PageState({ ...options, snapshots: { manifest: { snapshot: "a" } as never, dayOf } });
    expect((await served.of("/"))![1]).toBe("a");
    expect((await served.of("/", "b"))![1]).toBe("b");
    expect(await new PageState({ ...options, snapshots: { manifest: null, dayOf } }).of("/")).toBeNull();
  });

  it("goes by the other server where what people write lives there", async () => {
    const of = async (isThere: boolean, faults: string, operations = "1", address = "/") =>
      (await stateOf(fresh, { address, writes: { isThere, operations, faults } } as object)).name;
    expect(new Set([await of(true, "a"), await of(false, "a"), await of(true, "b")]).size).toBe(3);
    expect(await of(true, "a", "2")).toBe(await of(true, "a", "1"));
    expect(await of(true, "a", "2", "/data")).not.toBe(await of(true, "a", "1", "/data"));
  });
});

describe("showsWork(address)", () => {
  it("is so of the page of the data, in any state", () => {
    expect(["/data", "/data?feed=complaints", "/data/x"].map(showsWork)).toEqual([true, true, true]);
    expect(["/", "/unit/data", "/database", "/indicator/data"].some(showsWork)).toBe(false);
  });

  it("is so of all that ask for loads, runs and refusals: of other pages' parts none does", () => {
    const web = path.join(projectFolder, "web");
    const ofWork = routes.filter(({ answers }) => answers === "operations").map((route) => route.path);
    const asks = (file: string) =>
      [
        ...readFileSync(path.join(web, file), "utf8").matchAll(
          /(?:ask|fetchJson|apiAddress)(?:<[^(]*>)?\(\s*"(\/[\w/-]+)"/g,
        ),
      ]
        .map(([, asked]) => asked!)
        .filter((asked) => ofWork.includes(asked) && asked !== "/feeds");
    const files = readdirSync(web, { recursive: true, encoding: "utf8" }).filter(
      (file) => /\.(svelte|ts)$/.test(file) && !file.startsWith("dist"),
    );
    const asking = files.filter((file) => asks(file).length > 0);
    const own = /^(components\/data\/|pages\/Data\.svelte|state\/(rows-apart|work)\.svelte\.ts)/;
    expect(asking).toContain(path.join("pages", "Data.svelte"));
    expect(asking.filter((file) => !own.test(file))).toEqual([]);
  });
});
