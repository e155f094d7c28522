import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Sessions } from "../../server/session.ts";

const minute = 60_000;
let home: string;
let now: Date;
const open = (way = "personas") =>
  new Sessions({ home, way, idleMs: 60 * minute, longestMs: 600 * minute, now: () => now });
const user = { name: "j.jansen", roles: ["leadership"], units: ["den-haag"] };
const after = (minutes: number) => void (now = new Date(now.getTime() + minutes * minute));

beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), "kvv-test-"));
  now = new Date("2017-02-10T09:00:00Z");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("Sessions", () => {
  it("tells others who is out for as long as that counts, however long the server runs", async () => {
    const sessions = open();
    await sessions.endAll(["one", "two"]);
    after(300);
    await sessions.endAll(["two", "three"]);
    expect(await sessions.endedIds()).toEqual(["one", "two", "three"]);
    after(3 * 24 * 60);
    expect(await sessions.endedIds()).toEqual([]);
  });

  it("knows who is in, at every server of the home", async () => {
    const cookie = await open().begin(user);
    expect(await open().read(cookie)).toMatchObject({ user, idToken: null });
    const known = { ...user, subject: "a-hash" };
    expect(await open().read(await open().begin(known))).toMatchObject({ user: known });
    expect(statSync(path.join(home, "session-key")).mode & 0o777).toBe(0o600);
  });

  it("lets nobody in after an hour without a question", async () => {
    const sessions = open();
    const cookie = await sessions.begin(user);
    after(60);
    expect(await sessions.read(cookie)).not.toBeNull();
    after(1);
    expect(await sessions.read(cookie)).toBeNull();
  });

  it("goes on with whoever asks, ten hours at most", async () => {
    const sessions = open();
    let cookie = await sessions.begin(user);
    for (let minutes = 0; minutes < 570; minutes += 30) {
      after(30);
      const session = (await sessions.read(cookie))!;
      cookie = (await sessions.renewed(session))!;
    }
    after(30);
    expect(await sessions.read(cookie)).not.toBeNull();
    after(1);
    expect(await sessions.read(cookie)).toBeNull();
  });

  it("does not write a cookie with every answer", async () => {
    const sessions = open();
    const session = (await sessions.read(await sessions.begin(user)))!;
    after(5);
    expect(await sessions.renewed(session)).toBeNull();
    after(1);
    expect(await sessions.renewed(session)).not.toBeNull();
  });

  it("lets nobody in from the future", async () => {
    const cookie = await open().begin(user);
    after(-30);
    expect(await open().read(cookie)).toBeNull();
  });

  it("ends one at every server, also what was renewed from it, and lets others be", async () => {
    const [here, there] = [open(), open()];
    const [cookie, other] = [await here.begin(user), await here.begin(user)];
    const session = (await there.read(cookie))!;
    after(10);
    const renewed = (await there.renewed(session))!;
    await here.end(session);
    expect(await there.read(cookie)).toBeNull();
    expect(await there.read(renewed)).toBeNull();
    expect(await here.read(renewed)).toBeNull();
    expect(await there.read(other)).not.toBeNull();
  });

  it("remembers an end over midnight, and not for ever", async () => {
    now = new Date("2017-02-10T23:30:00Z");
    const sessions = open();
    const cookie = await sessions.begin(user);
    await sessions.end((await sessions.read(cookie))!);
    after(45);
    expect(await open().read(cookie)).toBeNull();
    after(3 * 24 * 60);
    const later = await sessions.begin(user);
    await sessions.end((await sessions.read(later))!);
    expect(readdirSync(path.join(home, "ended-sessions"))).toEqual(["2017-02-14"]);
  });

  it("hears of an end elsewhere also on the day that begins while it runs", async () => {
    const [here, there] = [open(), open()];
    now = new Date("2017-02-10T23:59:00Z");
    const cookie = await here.begin(user);
    const session = (await here.read(cookie))!;
    after(2);
    expect(await here.read(cookie)).not.toBeNull();
    await there.end(session);
    expect(await here.read(cookie)).toBeNull();
  });

  it("takes no cookie of another way in: whoever chose who to be is nobody where people sign in", async () => {
    const cookie = await open().begin(user);
    expect(await open("https://id.example").read(cookie)).toBeNull();
  });

  it("leaves out the provider's token where the cookie would be too long", async () => {
    const sessions = open();
    expect((await sessions.read(await sessions.begin(user, "x".repeat(500))))!.idToken).toHaveLength(500);
    const cookie = await sessions.begin(user, "x".repeat(5000));
    expect(cookie.length).toBeLessThan(3800);
    expect((await sessions.read(cookie))!.idToken).toBeNull();
  });

  it("refuses a home whose key is none, and says what to do", () => {
    writeFileSync(path.join(home, "session-key"), "short\n");
    expect(open).toThrow("session-key holds no key; remove it, and everyone signs in anew");
  });
});
