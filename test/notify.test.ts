import http from "node:http";
import type net from "node:net";
import { type AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { text } from "node:stream/consumers";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "../pipelines/context.ts";
import { Notifier } from "../pipelines/notify.ts";
import { noticeOf } from "../pipelines/notify/notices.ts";
import { messageOf } from "../pipelines/notify/words.ts";
import { readProject, type Project } from "../pipelines/project.ts";
import { readOwners, readReminded } from "../pipelines/owners-file.ts";
import { writeRun, type Run } from "../pipelines/runs.ts";
import { makeForce, type Force } from "./support/force.ts";

/** A real mail server that keeps what it gets. */
function mailServer(mails: string[]) {
  return new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, _session, done) {
      void text(stream).then((mail) => {
        mails.push(mail);
        done();
      });
    },
  });
}

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
const listening = (server: net.Server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

let force: Force | undefined;
let now: Date;
let posts: Record<string, unknown>[];
let mails: string[];
let status: number;
let hook: http.Server;
let smtp: SMTPServer;
beforeEach(async () => {
  [posts, mails, status] = [[], [], 200];
  hook = http.createServer((request, response) => {
    void text(request).then((body) => {
      if (status === 200) posts.push(JSON.parse(body) as Record<string, unknown>);
      response.writeHead(status).end();
    });
  });
  await listening(hook);
  smtp = mailServer(mails);
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", () => resolve()));
  now = new Date("2017-07-03T08:00:00Z");
});
afterEach(async () => {
  hook.closeAllConnections();
  hook.close();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
  await force?.home.remove();
});

async function makeNotifier(env: Record<string, string> = {}) {
  const all = {
    KVV_ADDRESS: "https://monitor.example.org/",
    KVV_ALLOW_PRIVATE_SOURCES: "127.0.0.1",
    KVV_WEBHOOK_URL: `http://127.0.0.1:${portOf(hook)}/hook?key=geheim`,
    KVV_SMTP_URL: `smtp://127.0.0.1:${portOf(smtp.server)}`,
    KVV_MAIL_FROM: "monitor@example.org",
    ...env,
  };
  force = makeForce(all);
  writeFileSync(
    path.join(force.config, "data", "owners.yaml"),
    "owners:\n  Klachtencoördinator: [klachten@example.org]\n",
  );
  const { home } = force;
  const db = await home.warehouse();
  const project: Project = await readProject(home.context.settings);
  const patience = { sleep: async () => undefined, random: () => 0.5 };
  const context: Context = { ...home.context, now: () => now, outside: { ...home.context.outside, patience } };
  const make = () => new Notifier(context, (work) => work({ db, context, project }));
  const run = (about: Partial<Run>) =>
    writeRun(db, { job: "complaints", kind: "load", started: now, finished: now, status: "done", ...about });
  return { db, make, run, home, config: force.config };
}
const refused = { status: "refused", error: 'its total is 412, the header has "Jansen"', file: "k.csv" } as const;

describe("Notifier.tell()", () => {
  it("tells a webhook and the feed's owner once of a change, and once more when it is well again", async () => {
    const { make, run } = await makeNotifier();
    const notifier = make();
    await notifier.tell();
    expect([posts, mails]).toEqual([[], []]);
    await run(refused);
    await notifier.tell();
    await run(refused);
    await notifier.tell();
    // As after a restart.
    await make().tell();
    expect(posts).toEqual([
      {
        feed: "complaints",
        title: { nl: "Klachten", en: expect.any(String) },
        state: "refused",
        since: "2017-07-03T08:00:00.000Z",
        reason: "its total is …, the header has …",
        file: "k.csv",
        address: "https://monitor.example.org/data",
      },
    ]);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toContain("To: klachten@example.org");
    expect(mails[0]).toContain("From: monitor@example.org");
    await run({ file: "l.csv" });
    await make().tell();
    expect(posts.map(({ state }) => state)).toEqual(["refused", "well"]);
    expect(mails).toHaveLength(2);
  });

  it("tells of a delivery that is overdue, and sends no mail where an owner has no address", async () => {
    const { make, db } = await makeNotifier();
    for (const [id, feed] of ["complaints", "staffing"].entries()) {
      await db.run(
        `insert into loads by name select ${id + 1} as load_id, $feed as feed, 'a' as file, 'a' as file_hash, '' as mapping_hash,
           false as "full", now()::timestamp as started_at, now()::timestamp as finished_at, 1 as "read", 1 as accepted, 0 as merged,
           0 as skipped, 0 as quarantined, '{}' as reasons, 'utf-8' as encoding, false as accepted_change`,
        { feed },
      );
      await db.run(
        "insert into coverage (feed, from_month, to_month, load_id) values ($feed, date '2017-01-01', date '2017-03-01', $id)",
        {
          feed,
          id: id + 1,
        },
      );
    }
    await make().tell();
    expect(posts.map(({ feed, state, since }) => [feed, state, since])).toEqual(
      expect.arrayContaining([
        ["complaints", "overdue", "2017-06-04"],
        ["staffing", "overdue", "2017-06-04"],
      ]),
    );
    expect(mails).toHaveLength(1);
  });

  it("harms nothing when it fails: it is logged without secrets, and told later", async () => {
    const { make, run, home } = await makeNotifier();
    await run(refused);
    status = 500;
    await make().tell();
    expect(mails).toHaveLength(1);
    expect(posts).toEqual([]);
    const log = home.messages.join("\n");
    expect(log).toContain("nobody could be told by webhook: 127.0.0.1");
    expect(log).not.toContain("geheim");
    status = 200;
    await make().tell();
    expect(posts).toHaveLength(1);
    expect(mails).toHaveLength(1);
  });

  it("does not post to a private address that the setting does not allow", async () => {
    const { make, run, home } = await makeNotifier({ KVV_ALLOW_PRIVATE_SOURCES: "" });
    await run(refused);
    await make().tell();
    expect(posts).toEqual([]);
    expect(home.messages.join("\n")).toContain("KVV_ALLOW_PRIVATE_SOURCES");
  });

  it("goes on when the mail server is gone, and says nothing of its password", async () => {
    const { make, run, home } = await makeNotifier({ KVV_SMTP_URL: "smtp://me:geheim@127.0.0.1:1" });
    await run(refused);
    await make().tell();
    expect(posts).toHaveLength(1);
    expect(home.messages.join("\n")).toContain("nobody could be told by mail");
    expect(home.messages.join("\n")).not.toContain("geheim");
  });
});

describe("messageOf(notice, address, timeZone)", () => {
  it.each(["refused", "failed", "overdue", "well"] as const)("is in plain Dutch: %s", (state) => {
    const notice = {
      feed: "complaints",
      title_nl: "Klachten",
      title_en: "Complaints",
      owner: "x",
      state,
      reason: null,
      file: null,
    };
    const since = state === "overdue" ? "2017-07-20" : "2017-07-03T08:00:00Z";
    const { subject, text } = messageOf({ ...notice, since }, "https://m.example.org", "Europe/Amsterdam");
    expect(subject).toMatch(/^KVV-monitor – Klachten: /);
    expect(text).toContain("https://m.example.org/data");
    if (state === "overdue") expect(text).toContain("20 juli 2017");
    else if (state !== "well") expect(text).toMatch(/Sinds: 3 juli 2017 (om )?10:00/);
    // B1: no sentence of more than twenty words.
    const sentences = text.split(/[.?!]\s|\n/).map((each) => each.split(/\s+/).length);
    expect(Math.max(...sentences)).toBeLessThanOrEqual(20);
  });
});

describe("noticeOf(feed, now)", () => {
  it("takes counts and what is quoted out of a refusal, and leaves a failure as it is", () => {
    const feed = {
      feed: "staffing",
      title_nl: "x",
      title_en: "x",
      owner: "x",
      trouble_since: "2017-07-03 08:00:00",
      trouble_file: null,
    };
    const of = (trouble: string, trouble_reason: string) =>
      noticeOf({ ...feed, trouble, trouble_reason } as never, now).reason;
    expect(of("refused", "12 of 412 rows would be quarantined (12 wrong_type), more than 2,9%")).toBe(
      "… of … rows would be quarantined (… wrong_type), more than …",
    );
    expect(of("failed", "example.org answers with status 500; tried 4 times")).toContain("500");
  });
});

describe("readOwners(file, contracts)", () => {
  it("names what is wrong with its line", async () => {
    const { home, config } = await makeNotifier();
    const file = path.join(config, "data", "owners.yaml");
    const read = (yaml: string) => {
      writeFileSync(file, yaml);
      return readOwners(file, home.contracts).faults.map(({ line, message }) => `${line}: ${message}`);
    };
    expect(read("owners: {}\n")).toEqual([]);
    expect(read("owners:\n  Klachtencoördinator: [niemand]\n")).toEqual([
      "2: owners.Klachtencoördinator.0: write an e-mail address, such as klachten@example.org",
    ]);
    expect(read("owners:\n  Baas: [a@example.org]\n")[0]).toContain(
      "2: owners.Baas: no contract has this owner; there are: ",
    );
  });
});

describe("readReminded(text, file)", () => {
  it("has addresses by unit, and names what is wrong with its line", () => {
    const text = "reviews:\n  all: [a@example.org, b@example.org]\n  den-haag: [c@example.org]\n  rotterdam: []\n";
    expect(readReminded(text, "owners.yaml")).toEqual({
      reminded: new Map([
        ["all", ["a@example.org", "b@example.org"]],
        ["den-haag", ["c@example.org"]],
      ]),
      faults: [],
    });
    expect(readReminded("owners: {}\n", "owners.yaml").reminded.size).toBe(0);
    const { reminded, faults } = readReminded("reviews:\n  den-haag: [iemand]\n", "owners.yaml");
    expect(reminded.size).toBe(0);
    expect(faults).toEqual([
      {
        file: "owners.yaml",
        line: 2,
        message: "reviews.den-haag.0: write an e-mail address, such as klachten@example.org",
      },
    ]);
  });
});
