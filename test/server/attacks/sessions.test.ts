import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { SignJWT } from "jose";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProvider, type TestProvider } from "../../support/provider.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { signIn } from "../../support/sign-in.ts";
import { ask } from "../ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture();
});
afterAll(() => fixture.stop());

const status = async (cookie: string, headers: Record<string, string> = {}, path = "/api/v1/units") =>
  (await ask(fixture, path, { headers: { cookie, ...headers } })).status;
const key = () => Buffer.from(readFileSync(path.join(fixture.home, "session-key"), "utf8").trim(), "base64url");
const now = () => Math.floor(Date.now() / 1000);
const claims = { user: { name: "x", roles: ["control"], units: [] }, id_token: null };

/** A cookie by whoever has a key; what is left out is right. */
async function made(given: {
  key?: Uint8Array;
  alg?: string;
  head?: object;
  audience?: string;
  iat?: number;
  seen?: unknown;
  user?: unknown;
}): Promise<string> {
  const token = new SignJWT({
    ...claims,
    ...(given.user === undefined ? {} : { user: given.user }),
    seen: given.seen ?? now(),
  })
    .setProtectedHeader({ alg: given.alg ?? "HS256", ...given.head })
    .setJti("made")
    .setAudience(given.audience ?? "personas")
    .setIssuedAt(given.iat ?? now());
  return `kvv_session=${await token.sign(given.key ?? key())}`;
}

describe("a cookie that somebody made", () => {
  it("does as ours where all of it is right, so that what follows says something", async () => {
    expect(await status(await made({}))).toBe(200);
  });

  it.each<[string, Parameters<typeof made>[0]]>([
    ["with a key of one's own", { key: new Uint8Array(32).fill(1) }],
    ["by another way of signing with our key", { alg: "HS512" }],
    ["for signing in, which we sign too", { audience: "sign-in" }],
    ["for another way in", { audience: "https://id.example" }],
    ["seen tomorrow", { seen: now() + 86_400 }],
    ["seen too long ago", { seen: now() - 3700 }],
    ["begun too long ago, and seen just now", { iat: now() - 11 * 3600 }],
    ["seen at no time", { seen: "now" }],
    ["of somebody whose roles are no list", { user: { name: "x", roles: "control", units: [] } }],
    ["of nobody", { user: null }],
    ["that demands what we do not know", { head: { crit: ["x"], x: 1 } }],
  ])("does not %s", async (_, given) => {
    const cookie = await made(given).catch(() => signedByHand(given));
    expect(await status(cookie)).toBe(401);
  });

  it("gives no right by a role that there is not, nor by a name that every object has", async () => {
    for (const role of ["king", "constructor", "__proto__", "toString", "hasOwnProperty"]) {
      const cookie = await made({ user: { name: "x", roles: [role], units: ["den-haag"] } });
      expect([role, await status(cookie)]).toEqual([role, 403]);
    }
  });

  /** What the library would not sign. */
  function signedByHand({ head }: Parameters<typeof made>[0]): string {
    const coded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const body = { ...claims, jti: "made", aud: "personas", iat: now(), seen: now() };
    const text = `${coded({ alg: "HS256", ...head })}.${coded(body)}`;
    return `kvv_session=${text}.${createHmac("sha256", key()).update(text).digest("base64url")}`;
  }
});

describe("a session", () => {
  it("comes in its cookie and by no other way", async () => {
    const token = fixture.cookie.split("=")[1]!;
    expect(await status("", { authorization: `Bearer ${token}` })).toBe(401);
    expect(await status("", { "x-kvv-session": token, "x-kvv-inside": "1" })).toBe(401);
    for (const name of ["kvv_session", "session", "token", "jti"])
      expect(await status("", {}, `/api/v1/units?${name}=${token}`)).toBe(401);
    expect(await status(`KVV_SESSION=${token}`)).toBe(401);
    expect(await status(`kvv_session="${token}"; x=1`)).not.toBe(500);
  });

  it("is always a new one: what an attacker set before is neither taken over nor kept", async () => {
    const prepared = await signIn(fixture.address, "hrm");
    const answered = await ask(fixture, "/api/v1/session", {
      method: "POST",
      headers: { "content-type": "application/json", cookie: prepared },
      body: '{"persona":"control"}',
    });
    const fresh = answered.headers["set-cookie"]![0]!.split(";")[0]!;
    const idOf = (cookie: string) =>
      (JSON.parse(Buffer.from(cookie.split(".")[1]!, "base64url").toString()) as { jti: string }).jti;
    expect(idOf(fresh)).not.toBe(idOf(prepared));
    expect(await status(prepared)).toBe(401);
    expect(await status(fresh)).toBe(200);
    const chosen = await made({});
    expect(idOf(chosen)).toBe("made");
  });

  it("stays ended: no copy, no renewal, no second sign-out brings it back", async () => {
    const cookie = await signIn(fixture.address, "hrm");
    const session = (await fixture.sessions.read(cookie.split("=")[1]))!;
    const renewed = `kvv_session=${await fixture.sessions.renewed({ ...session, seen: session.seen - 3000 })}`;
    expect([await status(cookie), await status(renewed)]).toEqual([200, 200]);
    await ask(fixture, "/api/v1/session", { method: "DELETE", headers: { cookie } });
    for (let again = 0; again < 2; again++) {
      expect([await status(cookie), await status(renewed)]).toEqual([401, 401]);
      await ask(fixture, "/api/v1/session", { method: "DELETE", headers: { cookie: renewed } });
    }
  });

  it.each(["GET", "HEAD", "PUT", "PATCH"])("is neither begun nor ended by %s", async (method) => {
    const cookie = await signIn(fixture.address, "hrm");
    const { headers } = await ask(fixture, "/api/v1/session?persona=control", { method, headers: { cookie } });
    expect(headers["set-cookie"]).toBeUndefined();
    expect(await status(cookie)).toBe(200);
  });

  it("is kept by nobody on the way: no answer about somebody is for a shared cache", async () => {
    for (const path of [
      "/api/v1/session",
      "/api/v1/units",
      "/api/v1/meta",
      "/api/v1/units?format=csv",
      "/api/v1/none",
    ]) {
      const { headers } = await ask(fixture, path);
      expect([path, headers["cache-control"]]).toEqual([path, expect.stringMatching(/^(private, no-cache|no-store)$/)]);
    }
  });
});

describe("over encrypted connections", () => {
  let provider: TestProvider;
  let real: Fixture;
  beforeAll(async () => {
    const address = "https://kvv.example.org";
    provider = await startProvider(address, {}, () => "x");
    const mapping = { name: "sub", groups: "groups", roles: {} };
    const signIn = { issuer: provider.issuer, clientId: "kvv", clientSecret: "a-secret-of-the-monitor", mapping };
    real = await serveFixture({ address, signIn, log: pino({ level: "silent" }) });
  });
  afterAll(async () => {
    await real.stop();
    await provider.stop();
  });

  it("takes a cookie by a name that only this host can set, and no other", async () => {
    const [name, value] = real.cookie.split("=") as [string, string];
    expect(name).toBe("__Host-kvv_session");
    const asked = async (cookie: string) => (await ask(real, "/api/v1/units", { headers: { cookie } })).status;
    expect(await asked(real.cookie)).toBe(200);
    // As a neighbouring host of the same domain could set it.
    expect(await asked(`kvv_session=${value}`)).toBe(401);
    expect(await asked(`kvv_session=x; ${real.cookie}`)).toBe(200);
  });

  it("sets cookies for itself and for encrypted connections only", async () => {
    const begun = await ask(real, "/sign-in?next=/unit", { headers: { cookie: "" } });
    expect(begun.headers["set-cookie"]![0]).toMatch(
      /^__Host-kvv_sign_in=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const ended = await ask(real, "/sign-out", { method: "POST" });
    expect(ended.headers["set-cookie"]![0]).toMatch(
      /^__Host-kvv_session=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(begun.headers["strict-transport-security"]).toBe("max-age=31536000");
  });

  it("takes what it gave somebody to sign in with for no session", async () => {
    const begun = await ask(real, "/sign-in", { headers: { cookie: "" } });
    const flow = begun.headers["set-cookie"]![0]!.split(";")[0]!.split("=")[1]!;
    const { status } = await ask(real, "/api/v1/units", { headers: { cookie: `__Host-kvv_session=${flow}` } });
    expect(status).toBe(401);
    const back = await ask(real, "/sign-in/callback?code=x&state=y", {
      headers: { cookie: `__Host-kvv_sign_in=${real.cookie.split("=")[1]}` },
    });
    expect(back.status).toBe(403);
  });
});
