import { describe, expect, it } from "vitest";
import { createLog, runNotes, withoutValues } from "../pipelines/log.ts";
import { recordRun } from "../pipelines/runs.ts";
import { makeHome } from "./support/home.ts";

describe("withoutValues(text)", () => {
  it.each([
    ["Could not convert string 'O'Brien' to INT", "Could not convert string '…' to INT"],
    ['Duplicate key "name: Jansen" violates', 'Duplicate key "…" violates'],
    [`it isn't "Jansen", nor 'Bakker'`, `it isn't "…", nor '…'`],
    ["GET http://127.0.0.1/api/v1/series?unit=x&y=1 failed", "GET http://127.0.0.1/api/v1/series?… failed"],
    ["one 'a'\nnext line\n'b'", "one '…'\nnext line\n'…'"],
    ["nothing of it", "nothing of it"],
  ])("%s", (text, left) => expect(withoutValues(text)).toBe(left));
});

describe("runNotes(log)", () => {
  it("notes how each run ended, with the trace of what failed, and without its file and its words", async () => {
    const home = makeHome();
    try {
      let text = "";
      const note = runNotes(createLog("info", { write: (line) => void (text += line) }));
      const db = await home.warehouse();
      const moments = [0, 1500, 2000, 2000, 3000, 3250].map((ms) => new Date(Date.UTC(2017, 6, 3) + ms));
      const context = { now: () => moments.shift()!, note };
      const about = { kind: "load", file: "Jansen.csv" } as const;
      await recordRun(db, "complaints", context, async () => ({ loads: 1 }), about);
      await recordRun(db, "complaints", context, async () => ({ refused: "Jansen is no unit" }), about);
      const failing = recordRun(db, "publish", context, () => Promise.reject(new Error("'Jansen' is no number")));
      await expect(failing).rejects.toThrow();
      expect(text).not.toContain("Jansen");
      const lines = text.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
      expect(lines).toMatchObject([
        { level: "info", job: "complaints", kind: "load", status: "done", ms: 1500, loads: 1 },
        { level: "warn", job: "complaints", kind: "load", status: "refused", ms: 0, loads: 0 },
        {
          level: "error",
          job: "publish",
          kind: "other",
          status: "failed",
          ms: 250,
          err: { message: "'…' is no number" },
        },
      ]);
      expect((lines[2]!.err as { stack: string }).stack).toMatch(/at .*log\.test\.ts:\d+/);
    } finally {
      await home.remove();
    }
  });
});
