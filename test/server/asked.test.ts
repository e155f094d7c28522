import { afterEach, describe, expect, it } from "vitest";
import { everything, nameOfScope, type Scope } from "../../server/access.ts";
import { Asked, type Question } from "../../server/asked.ts";
import { AnswerCache } from "../../server/cache.ts";
import type { ScopedSnapshots, Snapshot } from "../../server/snapshot.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { makeSnapshot } from "../support/snapshot.ts";
import { ask } from "./ask.ts";

const own: Scope = { parts: [{ reach: "own", units: ["den-haag"] }] };

/** A snapshot of that name, in which everything is as it is asked. */
const ahead =
  (snapshot: string, asked: string[]) =>
  (scope: Scope): ScopedSnapshots => {
    const use: ScopedSnapshots["use"] = (_day, answer) => {
      asked.push(nameOfScope(scope));
      return answer({ manifest: { snapshot } } as Snapshot);
    };
    return { manifest: null, dayOf: String, use, useNamed: (_name, answer) => use(undefined, answer) };
  };

function question(text: string, made: string[], scope: Scope = everything): Question {
  return {
    ...{ scope, coding: "identity" },
    answerOf: ({ manifest }) => ({
      key: [manifest.snapshot, text],
      contentType: "text/plain",
      async pieces() {
        made.push(`${text} of ${manifest.snapshot}`);
        if (text === "fails") throw new Error("no such thing");
        return (async function* () {
          yield text;
        })();
      },
    }),
  };
}

const pause = () => Promise.resolve();

describe("Asked.answerAll(cache, scoped, pause)", () => {
  it("makes the answers that were asked, those asked most first, of the new snapshot as each scope shows it", async () => {
    const [asked, made, scopes] = [new Asked(), [] as string[], [] as string[]];
    asked.note("once", question("once", made));
    for (let i = 0; i < 2; i++) asked.note("twice", question("twice", made));
    for (let i = 0; i < 3; i++) asked.note("often", question("often", made, own));
    await asked.answerAll(new AnswerCache(1000), ahead("b", scopes), pause);
    // What was asked once waits for whoever asks it again.
    expect(made).toEqual(["often of b", "twice of b"]);
    expect(scopes).toEqual([nameOfScope(own), nameOfScope(everything)]);
  });

  it("goes on after one that fails", async () => {
    const [asked, made] = [new Asked(), [] as string[]];
    for (const each of ["fails", "fails", "fails", "works", "works"]) asked.note(each, question(each, made));
    await asked.answerAll(new AnswerCache(1000), ahead("b", []), pause);
    expect(made).toEqual(["fails of b", "works of b"]);
  });

  it("keeps what is asked again, however much is asked just once after it", async () => {
    const [asked, made] = [new Asked(), [] as string[]];
    for (let i = 0; i < 5; i++) asked.note("often", question("often", made));
    for (let i = 0; i < 2500; i++) asked.note(`once ${i}`, question(`once ${i}`, made));
    await asked.answerAll(new AnswerCache(1000), ahead("b", []), pause);
    expect(made).toEqual(["often of b"]);
  });

  it("forgets what nobody has asked for some snapshots", async () => {
    const [asked, made] = [new Asked(), [] as string[]];
    for (let i = 0; i < 8; i++) asked.note("often", question("often", made));
    for (let i = 0; i < 8; i++) await asked.answerAll(new AnswerCache(1000), ahead(`snapshot ${i}`, []), pause);
    expect(made).toEqual([0, 1, 2].map((i) => `often of snapshot ${i}`));
  });
});

describe("GET /series, after a new snapshot", () => {
  let fixture: Fixture;
  afterEach(() => fixture.stop());

  it("has its answer ready for each scope that asked before, and no scope sees what it did not before", async () => {
    fixture = await serveFixture();
    const path = "/api/v1/series?indicator=complaints&unit=all&grain=year";
    const readers = [fixture.cookie, await fixture.cookieOf({ name: "l", roles: ["programme"], units: ["den-haag"] })];
    const before = await Promise.all(readers.map((cookie) => ask(fixture, path, { headers: { cookie } })));
    await Promise.all(readers.map((cookie) => ask(fixture, path, { headers: { cookie } })));
    const during: (string | undefined)[] = [];
    const { beforeServing } = fixture.snapshots;
    fixture.snapshots.beforeServing = async (scoped, name) => {
      await beforeServing(scoped, name);
      during.push(fixture.snapshots.manifest?.snapshot);
    };
    const old = fixture.snapshots.manifest!.snapshot;
    await makeSnapshot(fixture.home, { name: "20991231T060002Z-000002" });
    expect(await fixture.snapshots.refresh()).toBe(true);
    // What was served was served until all was ready.
    expect(during).toEqual([old]);
    const after = await Promise.all(readers.map((cookie) => ask(fixture, path, { headers: { cookie } })));
    after.forEach(({ text, headers }, reader) => {
      expect(text).toBe(before[reader]!.text);
      expect(headers.etag).not.toBe(before[reader]!.headers.etag);
    });
    expect(after[0]!.text).not.toBe(after[1]!.text);
  });
});
