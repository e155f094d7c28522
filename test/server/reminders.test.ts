import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Mail } from "../../pipelines/notify/mail.ts";
import { parseCycle } from "../../pipelines/cycle-file.ts";
import { SourceFailure } from "../../pipelines/problem.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { CycleFile } from "../../server/calendar/cycle.ts";
import { Reminders, type Reminding } from "../../server/reminders.ts";
import { messageOf } from "../../server/reminders/message.ts";
import { nextAttempt, readAttempts, type Attempt } from "../../server/reminders/sent.ts";
import { latestStep, stepNames, type Step } from "../../server/reminders/steps.ts";
import type { Progress } from "../../server/review/progress.ts";
import { Snapshots } from "../../server/snapshot.ts";
import { Workspace } from "../../server/workspace/workspace.ts";
import { makeSnapshot, temporaryHome } from "../support/snapshot.ts";

const cycleText = readFileSync(path.join(projectFolder, "data", "cycle.yaml"), "utf8");
const review = parseCycle(cycleText, "cycle.yaml").duties.find(({ kind }) => kind === "review")!;

let published: string;
let removePublished: () => void;
let home: string;
let remove: () => void;
let snapshots: Snapshots;
let workspace: Workspace;
let clock: string;
let mails: Mail[];
let logged: string[];
/** What the mail server does with a message; takes it where null. */
let refuse: ((mail: Mail) => Error | null) | null;

beforeAll(async () => {
  ({ home: published, remove: removePublished } = temporaryHome());
  await makeSnapshot(published);
  snapshots = await Snapshots.open({
    published: path.join(published, "published"),
    threads: 1,
    timeZone: "Europe/Amsterdam",
    log: { error: () => undefined } as never,
  });
  await snapshots.refresh();
});
afterAll(async () => {
  await snapshots.close();
  removePublished();
});

/** A home without anything written, and its project. */
function begin(): void {
  ({ home, remove } = temporaryHome());
  workspace = new Workspace(path.join(home, "workspace.duckdb"));
  [clock, mails, logged, refuse] = ["2017-02-15T09:00:00Z", [], [], null];
  mkdirSync(path.join(home, "data"));
  writeFileSync(path.join(home, "data", "cycle.yaml"), cycleText);
  owners("  all: [alle@example.org, ook@example.org]\n  den-haag: [dh@example.org]\n");
}

const owners = (lines: string) =>
  writeFileSync(path.join(home, "data", "owners.yaml"), `owners: {}\nreviews:\n${lines || "  {}\n"}`);

const make = (more: Partial<Reminding> = {}) =>
  new Reminders({
    settings: { config: home, smtpUrl: "smtp://u:geheim@mail.example.org", mailFrom: "KVV <monitor@example.org>" },
    address: "https://monitor.example.org",
    cycle: new CycleFile(path.join(home, "data", "cycle.yaml")),
    snapshots,
    workspace,
    log: {
      info: (message: unknown) => void logged.push(`info ${String(message)}`),
      warn: (message: unknown) => void logged.push(`warn ${String(message)}`),
    },
    now: () => new Date(clock),
    send: async (_server, mail) => {
      const error = refuse?.(mail);
      if (error) throw error;
      mails.push(mail);
    },
    ...more,
  });

/** As after the server was stopped and started. */
async function restart(): Promise<Reminders> {
  await workspace.close();
  workspace = new Workspace(path.join(home, "workspace.duckdb"));
  return make();
}

const sent = () => mails.map(({ to, subject }) => `${to[0]}: ${subject.replace("KVV-monitor – ", "")}`);
const warned = () => logged.filter((line) => line.startsWith("warn "));
const sign = (unit_id: string) =>
  workspace.write(async (db) => {
    for (const state of ["submitted", "signed"] as const)
      await db.run(
        `insert into review_steps (unit_id, half, step, state, acted_at, acted_by)
         values ($unit_id, '2016-H2', $step, $state, now()::timestamp, 'x')`,
        { unit_id, state, step: state === "signed" ? 2 : 1 },
      );
  });

describe("Reminders.tick()", () => {
  beforeEach(begin);
  afterEach(async () => {
    await workspace.close();
    remove();
  });

  it("tells once that a half-year opened and once that it will close, also over restarts", async () => {
    clock = "2017-01-01T09:00:00Z";
    await make().tick();
    await (await restart()).tick();
    for (const day of ["2017-01-20", "2017-02-10"]) {
      clock = `${day}T09:00:00Z`;
      await (await restart()).tick();
    }
    expect(sent()).toEqual([
      "alle@example.org: Voortgang, tweede helft van 2016: u kunt beginnen",
      "dh@example.org: Voortgang Den Haag, tweede helft van 2016: u kunt beginnen",
    ]);
    clock = "2017-02-11T09:00:00Z";
    const reminders = await restart();
    await Promise.all([reminders.tick(), reminders.tick()]);
    await reminders.tick();
    clock = "2017-02-25T09:00:00Z";
    await (await restart()).tick();
    expect(sent().slice(2)).toEqual([
      "alle@example.org: Voortgang, tweede helft van 2016: nog tot en met 25 februari 2017",
      "dh@example.org: Voortgang Den Haag, tweede helft van 2016: nog tot en met 25 februari 2017",
    ]);
    expect(warned()).toEqual([]);
  });

  it("says which half-year, until when, who still lacks what, and where", async () => {
    await sign("rotterdam");
    await make().tick();
    const [all, unit] = mails;
    expect(all).toMatchObject({
      to: ["alle@example.org", "ook@example.org"],
      from: "KVV <monitor@example.org>",
      messageId: "<kvv-review.2016-H2.closing.all@example.org>",
    });
    expect(all!.text).toContain("kan nog tot en met 25 februari 2017 worden ingediend en getekend");
    expect(all!.text).toContain("Nog niet getekend: 3 van 4.\n- Politie: toelichting op het geheel");
    expect(all!.text).not.toContain("Rotterdam");
    expect(all!.text).toContain("De cijfers zijn nog niet vrijgegeven.");
    expect(all!.text).toContain("voorbeelddata");
    expect(all!.text).toContain("https://monitor.example.org/review?half=2016-H2.");
    expect(unit!.text).toContain("Wat is er nog te doen?\ntoelichting op het geheel");
    expect(unit!.text).toContain("https://monitor.example.org/review/den-haag/2016-H2.");
    expect(unit!.text).not.toContain("Amsterdam");
  });

  it("reminds nobody of what is signed, and of nothing where no one stands in the file", async () => {
    await sign("den-haag");
    await make().tick();
    expect(sent()).toEqual([expect.stringContaining("alle@example.org")]);
    owners("");
    mails = [];
    clock = "2017-07-02T09:00:00Z";
    await make().tick();
    expect(mails).toEqual([]);
  });

  it("begins nothing without recipients, mail server, snapshot or duty: not even the file of what people write", async () => {
    const untouched = { read: () => Promise.reject(new Error("touched")) } as never;
    const settings = { config: home, smtpUrl: "", mailFrom: "a@example.org" };
    await make({ settings, workspace: untouched }).tick();
    await make({ snapshots: { manifest: null } as never, workspace: untouched }).tick();
    writeFileSync(path.join(home, "data", "cycle.yaml"), "duties: []\n");
    await make({ workspace: untouched }).tick();
    owners("");
    await make({ workspace: untouched }).tick();
    expect([mails, logged]).toEqual([[], []]);
  });

  it("tells what was missed while it was off once, and only the latest of it", async () => {
    clock = "2017-01-05T09:00:00Z";
    await make().tick();
    mails = [];
    // Off from the first half of 2017 on: its opening and its closing are over when it is back.
    clock = "2017-09-20T09:00:00Z";
    await (await restart()).tick();
    await (await restart()).tick();
    expect(sent()).toEqual([
      "alle@example.org: Voortgang, eerste helft van 2017: de termijn is voorbij",
      "dh@example.org: Voortgang Den Haag, eerste helft van 2017: de termijn is voorbij",
    ]);
    expect(mails[0]!.text).toContain("liep tot en met 25 augustus 2017");
  });

  it("says nothing again when the clock is set back, or the days are changed", async () => {
    await make().tick();
    mails = [];
    for (const day of ["2017-01-02", "2016-07-15", "2016-02-01", "2017-02-15"]) {
      clock = `${day}T09:00:00Z`;
      await (await restart()).tick();
    }
    writeFileSync(path.join(home, "data", "cycle.yaml"), cycleText.replace("remind_days: 14", "remind_days: 7"));
    clock = "2017-02-18T09:00:00Z";
    await (await restart()).tick();
    expect(mails).toEqual([]);
    expect(logged.filter((line) => line.startsWith("warn"))).toEqual([]);
  });

  it("tries again what failed, tells the others meanwhile, and logs no password", async () => {
    refuse = ({ to }) => (to[0] === "alle@example.org" ? new SourceFailure("the mail server did not take it (EENVELOPE)") : null); // prettier-ignore
    await make().tick();
    await (await restart()).tick();
    expect(sent()).toEqual([expect.stringContaining("dh@example.org")]);
    expect(warned()).toEqual(
      Array(2).fill("warn reminder of 2016-H2 (closing) to all: the mail server did not take it (EENVELOPE); it is tried again later"), // prettier-ignore
    );
    refuse = null;
    await (await restart()).tick();
    await (await restart()).tick();
    expect(sent().map((line) => line.split(":")[0])).toEqual(["dh@example.org", "alle@example.org"]);
    expect(logged.join()).not.toContain("geheim");
  });

  it("does not tell twice what may have been told when the server was killed", async () => {
    // Killed while the mail server had the message.
    const killed = make({ send: () => new Promise(() => undefined) });
    void killed.tick();
    while ((await workspace.read(readAttempts)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await (await restart()).tick();
    expect(sent()).toEqual([expect.stringContaining("dh@example.org")]);
  });

  it("goes on where files or units are wrong, and says it once", async () => {
    owners("  atlantis: [a@example.org]\n  den-haag: [dh@example.org]\n");
    const reminders = make();
    await reminders.tick();
    await reminders.tick();
    expect(mails).toHaveLength(1);
    expect(warned()).toEqual([
      'warn data/owners.yaml: reviews: no review of "atlantis" in 2016-H2; nobody is reminded',
    ]);
    owners("  den-haag: [iemand]\n");
    await reminders.tick();
    expect(warned().at(-1)).toContain("data/owners.yaml:3: reviews.den-haag.0: write an e-mail address");
    owners("  den-haag: [dh@example.org]\n");
    writeFileSync(path.join(home, "data", "cycle.yaml"), "duties: 1\n");
    await make().tick();
    expect(warned().at(-1)).toContain("data/cycle.yaml has faults; kvv check names them");
    const broken = { read: () => Promise.reject(new Error("disk gone\n at secret.ts:1")) } as never;
    writeFileSync(path.join(home, "data", "cycle.yaml"), cycleText);
    await make({ workspace: broken }).tick();
    expect(warned().at(-1)).toBe("warn nobody could be reminded of reviews: disk gone; it is tried again later");
  });

  it("begins nothing more when it is stopped", async () => {
    const reminders = make();
    await reminders.stop();
    await reminders.tick();
    expect(mails).toEqual([]);
  });

  it("reaches a real mail server, under the same name each time", async () => {
    const taken: string[] = [];
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onData: (stream, _session, done) => void text(stream).then((mail) => (taken.push(mail), done())),
    });
    await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", () => resolve()));
    try {
      const { port } = smtp.server.address() as AddressInfo;
      const settings = { config: home, smtpUrl: `smtp://127.0.0.1:${port}`, mailFrom: "monitor@example.org" };
      const real = new Reminders({ ...allOf(make()), settings, send: undefined } as Reminding);
      await real.tick();
      expect(taken).toHaveLength(2);
      expect(taken[1]).toContain("To: dh@example.org");
      expect(taken[1]).toContain("Message-ID: <kvv-review.2016-H2.closing.den-haag@example.org>");
    } finally {
      await new Promise<void>((resolve) => smtp.close(() => resolve()));
    }
  });
});

const allOf = (reminders: Reminders) => (reminders as unknown as { all: Reminding }).all;

describe("latestStep(review, today)", () => {
  const step = (today: string, duty = review) => {
    const found = latestStep(duty, today);
    return found && `${found.half.half} ${found.step} ${found.due_on}`;
  };

  it("is what was reached last, to its last day and the end of the next half-year", () => {
    expect(step("2016-06-30")).toBe(null);
    expect(step("2016-07-01")).toBe("2016-H1 opened 2016-08-25");
    expect(step("2016-08-10")).toBe("2016-H1 opened 2016-08-25");
    expect(step("2016-08-11")).toBe("2016-H1 closing 2016-08-25");
    expect(step("2016-12-31")).toBe("2016-H1 closing 2016-08-25");
    expect(step("2017-01-01")).toBe("2016-H2 opened 2017-02-25");
  });

  it("ends with the duty, and has no closing where none is asked", () => {
    expect(step("2017-06-30", { ...review, until: 2016 })).toBe("2016-H2 closing 2017-02-25");
    expect(step("2017-07-01", { ...review, until: 2016 })).toBe(null);
    expect(step("2017-02-20", { ...review, remind_days: undefined })).toBe("2016-H2 opened 2017-02-25");
    const long = { ...review, until: 2016, due: { from: "end" as const, months: 9 } };
    expect(step("2017-09-30", long)).toBe("2016-H2 closing 2017-09-30");
    expect(step("2017-10-01", long)).toBe(null);
  });
});

describe("nextAttempt(attempts, step, audience)", () => {
  const halves = ["2016-H1", "2016-H2", "2017-H1"];
  const steps = halves.flatMap((half) => stepNames.map((step) => ({ half: { half }, step }) as Step));

  it("lets nobody hear of a step twice, nor of an earlier one, whatever comes of each attempt and whatever the clock says", () => {
    const outcome = fc.constantFrom("sent", "failed", "killed");
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(steps.length - 1), outcome), { maxLength: 30 }), (ticks) => {
        const attempts: Attempt[] = [];
        const heard: number[] = [];
        for (const [place, came] of ticks) {
          const { half, step } = steps[place]!;
          const attempt = nextAttempt(attempts, steps[place]!, "all");
          if (attempt === null) continue;
          const row = { half: half.half, step, audience: "all", attempt };
          expect(attempts.some((each) => each.attempt === attempt && each.half === row.half && each.step === step)).toBe(false); // prettier-ignore
          attempts.push({ ...row, state: "begun" });
          if (came === "sent") attempts.push({ ...row, state: "sent" });
          if (came === "failed") attempts.push({ ...row, state: "failed" });
          if (came !== "failed") heard.push(place);
        }
        expect(heard).toEqual([...new Set(heard)].sort());
      }),
    );
  });

  it("keeps those who are told apart", () => {
    const attempts: Attempt[] = [{ half: "2016-H2", step: "opened", audience: "all", attempt: 1, state: "sent" }];
    expect(nextAttempt(attempts, steps[2]!, "all")).toBe(null);
    expect(nextAttempt(attempts, steps[2]!, "den-haag")).toBe(1);
    expect(nextAttempt(attempts, steps[3]!, "all")).toBe(1);
  });
});

describe("messageOf(step, audience, today, found)", () => {
  const step = latestStep(review, "2017-01-05")!;
  const progress = (more: Partial<Progress>): Progress => ({
    ...{ unit_id: "den-haag", unit_name: "Den Haag", level: "unit", half: "2016-H2", state: "draft" as const },
    ...{ changed_at: null, missed: 0, open_agreements: 0, missing: [] },
    ...more,
  });
  const found = (reviews: Progress[]) => ({ released: true, reviews, demo: false, address: "https://x.example" });

  it("is none where nothing is left to do", () => {
    expect(messageOf(step, "all", "2017-01-05", found([progress({ state: "signed" })]))).toBe(null);
    expect(messageOf(step, "rotterdam", "2017-01-05", found([progress({})]))).toBe(null);
  });

  it("says of each state what is next", () => {
    const missing = [
      { need: "overall" as const, indicator_id: null },
      { need: "comment" as const, indicator_id: "complaints" },
      ...["intake-dual", "top61"].map((indicator_id) => ({ need: "plan" as const, indicator_id })),
    ];
    const { text } = messageOf(step, "all", "2017-01-05", found([
      progress({ missing }),
      progress({ unit_name: "Rotterdam", state: "submitted" }),
      progress({ unit_name: "Amsterdam", state: "reopened" }),
      progress({ unit_name: "Limburg", state: "signed" }),
    ]))!; // prettier-ignore
    expect(text).toContain(
      "Nog niet getekend: 3 van 4.\n- Den Haag: toelichting op het geheel, toelichting op 1 cijfer, plan voor 2 cijfers, indienen en tekenen\n- Rotterdam: tekenen\n- Amsterdam: indienen en tekenen\n",
    );
    expect(text).not.toMatch(/vrijgegeven|voorbeelddata/);
  });
});
