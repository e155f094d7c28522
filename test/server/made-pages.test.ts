import { describe, expect, it } from "vitest";
import { firstPages, MadePages } from "../../server/made-pages.ts";
import type { Renderer } from "../../server/renderer.ts";

const asker = { cookie: "a-cookie", inside: "a-word", scope: "all" };

/** Makes pages at once, and writes down which; "again" are those made ahead. */
function recording(): { renderer: Renderer; made: string[] } {
  const made: string[] = [];
  const page: Renderer["page"] = async (address, _frame, state) => {
    made.push(`${address} ${state.join(" ")}`);
    return { body: address, title: "", lang: "nl", theme: null };
  };
  const pageAhead: Renderer["pageAhead"] = async (address, _frame, state) =>
    void made.push(`again ${address} ${state.join(" ")}`);
  return { renderer: { page, pageAhead } as Renderer, made };
}

const idle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("MadePages.page(address, frame, {now, seen, asker})", () => {
  it("makes those looked at most anew when what they show changed, each for whom it was made", async () => {
    const { renderer, made } = recording();
    const pages = new MadePages(renderer);
    const look = (address: string, seen: string, now: string) =>
      pages.page(address, 340, { now: [now], seen: [seen], asker });
    await look("/", "all", "a");
    for (let i = 0; i < 2; i++) await look("/unit/den-haag", "own", "a");
    await idle();
    expect(made.splice(0)).toEqual(["/ a all", "/unit/den-haag a own", "/unit/den-haag a own"]);
    await look("/hrm", "all", "b");
    await idle();
    expect(made).toEqual(["/hrm b all", "again /unit/den-haag b own", "again / b all", "again /hrm b all"]);
  });

  it("leaves off where things changed once more meanwhile", async () => {
    const { renderer, made } = recording();
    const pages = new MadePages(renderer);
    const look = (address: string, now: string) => pages.page(address, 340, { now: [now], seen: ["all"], asker });
    await look("/", "a");
    await look("/hrm", "a");
    await Promise.all([look("/", "b"), look("/", "c")]);
    await idle();
    expect(made.filter((each) => each === "again /hrm b all")).toEqual([]);
    expect(made.filter((each) => each === "again /hrm c all")).toHaveLength(1);
  });
});

describe("firstPages(catalogue)", () => {
  const unit = (unit_id: string, level: string, valid_to: string | null = null) =>
    [unit_id, [{ ...{ unit_id, level, valid_to }, name: unit_id, parent_id: null, valid_from: null }]] as const;

  it("are those of all units and of each that there is, and one of each other kind", () => {
    const definitions = new Map([
      ["intake", { id: "intake", kind: "share" }],
      ["complaints-rate", { id: "complaints-rate", kind: "rate" }],
    ]) as unknown as Parameters<typeof firstPages>[0]["definitions"];
    const units = new Map(
      [unit("politie", "force"), unit("den-haag", "unit"), unit("haaglanden", "unit", "2012-12-31")].map(
        ([id, periods]) => [id, [...periods]],
      ),
    );
    expect(firstPages({ units, definitions })).toEqual([
      ...["/", "/unit/den-haag", "/signals"],
      ...["/indicator/complaints-rate", "/compare/complaints-rate"],
    ]);
    expect(firstPages({ units: new Map(), definitions: new Map() })).toEqual(["/", "/signals"]);
  });
});
