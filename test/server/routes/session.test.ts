import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { signIn } from "../../support/sign-in.ts";
import { ask, askProblem } from "../ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture();
});
afterAll(() => fixture.stop());

const json = { "content-type": "application/json", cookie: "" };
const post = (body: object, headers: Record<string, string> = json) =>
  ask(fixture, "/api/v1/session", { method: "POST", headers, body: JSON.stringify(body) });
const get = (cookie: string, route = "/session") => ask(fixture, `/api/v1${route}`, { headers: { cookie } });
const cookieIn = (answered: { headers: { "set-cookie"?: string[] } }) => answered.headers["set-cookie"]?.[0] ?? "";

describe("without a session", () => {
  it.each(["/meta", "/series?indicator=all", "/openapi.json", "/nothing", "/audit"])(
    "/api/v1%s is 401",
    async (route) => {
      const problem = await askProblem(fixture, `/api/v1${route}`, { headers: { cookie: "" } });
      expect(problem).toMatchObject({ status: 401, type: "urn:kvv:problem:no-session" });
    },
  );

  it("only the health of the server answers besides", async () => {
    expect((await ask(fixture, "/healthz", { headers: { cookie: "" } })).status).toBe(200);
    expect((await ask(fixture, "/readyz", { headers: { cookie: "" } })).status).toBe(200);
  });
});

describe("POST /api/v1/session", () => {
  it("signs in as a persona, in a cookie that no script reads and no other site sends", async () => {
    const answered = await post({ persona: "leadership:den-haag" });
    expect(answered).toMatchObject({ status: 204, text: "" });
    expect(cookieIn(answered)).toMatch(/^kvv_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/);
    const who = JSON.parse((await get(cookieIn(answered).split(";")[0]!)).text) as { user: object };
    expect(who.user).toEqual({ name: "leadership:den-haag", roles: ["leadership"], units: ["den-haag"] });
  });

  it.each([
    ["king", 400, 'there is no "king"; choose of leadership:<unit_id>, programme:<unit_id>, hrm'],
    ["leadership", 400, 'there is no "leadership"'],
    ["control:den-haag", 400, "there is no"],
    ["leadership:den-haag:x", 400, "there is no"],
    ["leadership:nergens", 404, 'no unit "nergens"'],
  ])("refuses %s", async (persona, status, words) => {
    const answered = await post({ persona });
    expect(answered.status).toBe(status);
    expect((JSON.parse(answered.text) as { detail: string }).detail).toContain(words);
    expect(cookieIn(answered)).toBe("");
  });

  it("refuses what is no persona, and other forms", async () => {
    expect((await post({})).status).toBe(400);
    expect((await post({ persona: "control", roles: ["admin"] })).status).toBe(400);
    expect((await post({ persona: "control" }, { "content-type": "text/plain", cookie: "" })).status).toBe(415);
    const elsewhere = await post({ persona: "control" }, { ...json, origin: "http://evil.example" });
    expect(elsewhere.status).toBe(403);
    expect(cookieIn(elsewhere)).toBe("");
  });

  it("has several controllers, by name", async () => {
    const answered = await post({ persona: "control:anna" });
    const who = JSON.parse((await get(cookieIn(answered).split(";")[0]!)).text) as { user: object };
    expect(who.user).toEqual({ name: "control:anna", roles: ["control"], units: [] });
    for (const persona of ["control:", "control:Anna B", "control:anna:x", `control:${"a".repeat(21)}`, "hrm:anna"])
      expect((await post({ persona })).status, persona).toBe(400);
  });

  it("takes the name of the form of a page for Control only", async () => {
    const pick = async (persona: string, name: string) => {
      const answered = await ask(fixture, "/api/v1/session", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", cookie: "" },
        body: new URLSearchParams({ persona, name, next: "/" }).toString(),
      });
      if (answered.status !== 303) return answered.status;
      const { text } = await get(cookieIn(answered).split(";")[0]!);
      return (JSON.parse(text) as { user: { name: string } }).user.name;
    };
    expect(await pick("control", " Anna ")).toBe("control:anna");
    expect(await pick("control", "")).toBe("control");
    expect(await pick("hrm", "anna")).toBe("hrm");
    expect(await pick("control", "anna de boer")).toBe(400);
  });

  it("ends the session before, so that nobody can have prepared one", async () => {
    const before = await signIn(fixture.address, "hrm");
    const answered = await post({ persona: "control" }, { ...json, cookie: before });
    expect(cookieIn(answered).split(";")[0]).not.toBe(before);
    expect((await get(before)).status).toBe(401);
  });

  it("takes a page's form, and goes on to where it came from, within the monitor", async () => {
    const form = (next: string) =>
      ask(fixture, "/api/v1/session", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", cookie: "" },
        body: new URLSearchParams({ persona: "hrm", next }).toString(),
      });
    const answered = await form("/unit/den-haag?grain=year");
    expect(answered.status).toBe(303);
    expect(answered.headers.location).toBe("/unit/den-haag?grain=year");
    for (const elsewhere of [
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "/a\r\nSet-Cookie: x",
      "/api/v1/session",
      "",
    ])
      expect((await form(elsewhere)).headers.location).toBe("/");
  });

  it("is no way in where people sign in for real", async () => {
    const real = await serveFixture({
      address: "http://127.0.0.1:1",
      signIn: {
        issuer: "http://127.0.0.1:1",
        clientId: "kvv",
        clientSecret: "",
        mapping: { name: "sub", groups: "groups", roles: {} },
      },
    });
    const answered = await ask(real, "/api/v1/session", {
      method: "POST",
      headers: json,
      body: '{"persona":"control"}',
    });
    expect(answered.status).toBe(403);
    expect(cookieIn(answered)).toBe("");
    await real.stop();
  });
});

describe("DELETE /api/v1/session", () => {
  it("ends it for every copy of the cookie", async () => {
    const cookie = await signIn(fixture.address);
    expect((await get(cookie)).status).toBe(200);
    const answered = await ask(fixture, "/api/v1/session", { method: "DELETE", headers: { cookie } });
    expect(answered.status).toBe(204);
    expect(cookieIn(answered)).toContain("kvv_session=; Max-Age=0;");
    expect((await get(cookie)).status).toBe(401);
    expect((await ask(fixture, "/api/v1/session", { method: "DELETE", headers: { cookie: "" } })).status).toBe(204);
  });

  it("is heard by every server of the home", async () => {
    const other = await serveFixture();
    const copied = path.join(other.home, "session-key");
    expect(readFileSync(copied, "utf8")).not.toBe(readFileSync(path.join(fixture.home, "session-key"), "utf8"));
    // Another home has another key: its cookies are none here.
    expect((await get(other.cookie)).status).toBe(401);
    await other.stop();
  });
});

describe("a cookie", () => {
  const parts = () => fixture.cookie.split("=")[1]!.split(".") as [string, string, string];
  const send = (head: object | string, claims: object, sign: string) => {
    const coded = (value: object | string) =>
      typeof value === "string" ? value : Buffer.from(JSON.stringify(value)).toString("base64url");
    return get(`kvv_session=${coded(head)}.${coded(claims)}.${sign}`, "/meta");
  };
  const claims = () => JSON.parse(Buffer.from(parts()[1], "base64url").toString()) as Record<string, unknown>;

  it("does not do when it was altered", async () => {
    const [head, , sign] = parts();
    expect((await send(head, claims(), sign)).status).toBe(200);
    const king = { ...claims(), user: { name: "x", roles: ["control"], units: [] } };
    expect((await send(head, king, sign)).status).toBe(401);
    expect((await send({ alg: "none" }, king, "")).status).toBe(401);
    expect((await send(head, claims(), "")).status).toBe(401);
    expect((await send(head, claims(), sign.slice(0, -2) + "AA")).status).toBe(401);
    expect((await get("kvv_session=")).status).toBe(401);
    expect((await get("kvv_session=%00")).status).toBe(401);
  });

  it("holds no more than who somebody is", () => {
    expect(Object.keys(claims()).sort()).toEqual(["aud", "iat", "id_token", "jti", "seen", "user"]);
  });

  it("is signed with a key that only its own user can read", () => {
    expect(readdirSync(fixture.home).filter((name) => name.startsWith("session-key"))).toEqual(["session-key"]);
  });
});
