import { describe, expect, it } from "vitest";
import { MadePages } from "../../server/made-pages.ts";
import type { Renderer } from "../../server/renderer.ts";

const asker = { cookie: "a-cookie", inside: "a-word", scope: "all" };

/** Makes pages at once, and writes down which. */
function recording(): { renderer: Renderer; made: string[] } {
  const made: string[] = [];
  const page: Renderer["page"] = async (address, _frame, state) => {
    made.push(`${address} ${state.join(" ")}`);
    return { body: address, title: "", lang: "nl", theme: null };
  };
  return { renderer: { page } as Renderer, made };
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
    expect(made).toEqual(["/hrm b all", "/unit/den-haag b own", "/ b all", "/hrm b all"]);
  });

  it("leaves off where things changed once more meanwhile", async () => {
    const { renderer, made } = recording();
    const pages = new MadePages(renderer);
    for (const now of ["a", "b", "c"]) await pages.page("/", 340, { now: [now], seen: [], asker });
    await idle();
    expect(made.filter((each) => each === "/ c").length).toBeGreaterThan(1);
    expect(made.at(-1)).toBe("/ c");
  });
});
