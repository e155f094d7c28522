import { SignJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { keysOf } from "../../../server/servers/keys.ts";
import { Tickets } from "../../../server/servers/ticket.ts";

const keys = keysOf("a-secret-of-servers-0123456789-abcdef");
const others = keysOf("b-secret-of-servers-0123456789-abcdef");
const of = {
  ...{ to: "start-1", method: "PUT" as const, path: "/api/v1/x?y=1", headers: { accept: "*/*" }, body: true },
  session: { id: "s", user: { name: "anna", roles: ["control"], units: [] } },
  inside: false,
};
let now: number;
let here: Tickets;
let there: Tickets;
beforeEach(() => {
  now = Date.parse("2017-02-03T06:00:00Z");
  here = new Tickets(keys.tickets, () => now);
  there = new Tickets(keys.tickets, () => now);
});
const bad = { status: 403, code: "bad-ticket", headers: { "X-KVV-Ticket": "bad-ticket" } };

describe("Tickets.take(text, start)", () => {
  it("takes a ticket once, and says what it says", async () => {
    const { text, jti } = await here.issue(of);
    expect(await there.take(text, "start-1")).toMatchObject({ ...of, jti });
    await expect(there.take(text, "start-1")).rejects.toMatchObject(bad);
    // Two alike are two.
    await there.take((await here.issue(of)).text, "start-1");
  });

  it("refuses one of another secret, of another use, without a signature, or changed", async () => {
    const forged = new Tickets(others.tickets, () => now);
    await expect(there.take((await forged.issue(of)).text, "start-1")).rejects.toMatchObject(bad);
    for (const key of [keys.sessions, keys.bodies])
      await expect(there.take((await new Tickets(key, () => now).issue(of)).text, "start-1")).rejects.toMatchObject(
        bad,
      );
    const { text } = await here.issue(of);
    const [head, body, sign] = text.split(".") as [string, string, string];
    const said = JSON.parse(Buffer.from(body, "base64url").toString()) as typeof of;
    said.session.user.roles = ["admin"];
    const other = Buffer.from(JSON.stringify(said)).toString("base64url");
    const none = Buffer.from(JSON.stringify({ alg: "none", typ: "kvv-ticket+jwt" })).toString("base64url");
    for (const each of [`${head}.${other}.${sign}`, `${none}.${body}.`, `${head}.${body}.`, "", "x"])
      await expect(there.take(each, "start-1"), each).rejects.toMatchObject(bad);
    await there.take(text, "start-1");
  });

  it("takes no news for a ticket, nor a ticket for news, nor a cookie for either", async () => {
    const news = (await here.tell({ ended: [], known: "" })).text;
    await expect(there.take(news, "start-1")).rejects.toMatchObject(bad);
    await expect(there.hear((await here.issue(of)).text)).rejects.toMatchObject(bad);
    const cookie = await new SignJWT({ ...of }).setProtectedHeader({ alg: "HS256" }).setJti("0123456789abcdef").setIssuedAt(now / 1000).sign(keys.tickets); // prettier-ignore
    await expect(there.take(cookie, "start-1")).rejects.toMatchObject(bad);
    expect(await there.hear(news)).toMatchObject({ ended: [], known: "" });
    await expect(there.hear(news)).rejects.toMatchObject(bad);
  });

  it("refuses what is not of now, whichever clock is wrong, and remembers longer than it lets pass", async () => {
    const { text } = await here.issue(of);
    now += 59_000;
    const later = await here.issue(of);
    await there.take(text, "start-1");
    now += 2000;
    await expect(there.take((await old()).text, "start-1")).rejects.toMatchObject(bad);
    await there.take(later.text, "start-1");
    // One from a clock that is a minute ahead can be tried again for two.
    const ahead = await new Tickets(keys.tickets, () => now + 60_000).issue(of);
    await there.take(ahead.text, "start-1");
    for (const step of [30_000, 30_000, 30_000, 29_000]) {
      now += step;
      await there.take((await here.issue(of)).text, "start-1");
      await expect(there.take(ahead.text, "start-1")).rejects.toMatchObject(bad);
    }
    now -= 300_000;
    await expect(there.take((await new Tickets(keys.tickets, () => now + 62_000).issue(of)).text, "start-1")).rejects.toMatchObject(bad); // prettier-ignore
  });
  const old = () => new Tickets(keys.tickets, () => now - 61_500).issue(of);

  it("refuses, in words of its own, one for a start before", async () => {
    const { text } = await here.issue(of);
    await expect(there.take(text, "start-2")).rejects.toMatchObject({ status: 403, code: "other-start" });
  });
});
