import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMapping, userOf, type RoleMapping } from "../../server/role-mapping.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { startFalseProvider, startProvider, type Falsehood, type TestProvider } from "../support/provider.ts";
import { freePort } from "../support/free-port.ts";

const mapping: RoleMapping = {
  name: "preferred_username",
  groups: "groups",
  roles: {
    "KVV-Control": { role: "control", units: [] },
    "KVV-Den-Haag": { role: "leadership", units: ["den-haag"] },
    "KVV-Rotterdam-programma": { role: "programme", units: ["rotterdam"] },
  },
};

/** A browser without pages: it keeps cookies by host and follows where it is sent. */
class Visitor {
  readonly jars = new Map<string, Map<string, string>>();
  trail: string[] = [];

  async ask(address: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(address);
    const jar = this.jars.get(host) ?? new Map<string, string>();
    this.jars.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { accept: "text/html", ...(init.headers as Record<string, string>), cookie };
    const response = await fetch(address, { redirect: "manual", ...init, headers });
    for (const each of response.headers.getSetCookie()) {
      const [pair] = each.split(";");
      const at = pair!.indexOf("=");
      if (/Max-Age=0/i.test(each)) jar.delete(pair!.slice(0, at));
      else jar.set(pair!.slice(0, at), pair!.slice(at + 1));
    }
    return response;
  }

  async follow(address: string, init: RequestInit = {}): Promise<Response> {
    let next = address;
    let response = await this.ask(next, init);
    for (let hops = 0; hops < 12; hops++) {
      const to = response.headers.get("location");
      if (!to) break;
      next = new URL(to, next).href;
      this.trail.push(next);
      response = await this.ask(next);
    }
    return response;
  }
}

let fixture: Fixture;
let provider: TestProvider;
let who = "alice";
const log = pino({ level: "silent" });

beforeAll(async () => {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const accounts = { alice: ["KVV-Control", "else"], bob: ["KVV-Den-Haag"], carol: ["else"] };
  provider = await startProvider(address, accounts, () => who);
  const signIn = { issuer: provider.issuer, clientId: "kvv", clientSecret: "a-secret-of-the-monitor", mapping };
  fixture = await serveFixture({ port, address, signIn, log });
});
afterAll(async () => {
  await fixture.stop();
  await provider.stop();
});

const whoIs = async (visitor: Visitor) => {
  const answer = await visitor.ask(`${fixture.address}/api/v1/session`);
  return answer.status === 200 ? ((await answer.json()) as { user: object }).user : answer.status;
};

describe("signing in at a provider", () => {
  it("lets in whom the provider knows, as what their groups say, and leads on to where they were going", async () => {
    who = "bob";
    const visitor = new Visitor();
    await visitor.follow(`${fixture.address}/sign-in?next=${encodeURIComponent("/unit/den-haag?grain=year")}`);
    expect(visitor.trail.at(-1)).toBe(`${fixture.address}/unit/den-haag?grain=year`);
    expect(await whoIs(visitor)).toEqual({ name: "bob", roles: ["leadership"], units: ["den-haag"] });
    const asked = new URL(visitor.trail[0]!).searchParams;
    expect(asked.get("code_challenge_method")).toBe("S256");
    expect(asked.get("response_type")).toBe("code");
  });

  it("lets nobody in whom it gives no role", async () => {
    who = "carol";
    const visitor = new Visitor();
    const answer = await visitor.follow(`${fixture.address}/sign-in`);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("hebt geen rol in deze monitor");
    expect(await whoIs(visitor)).toBe(401);
  });

  it("signs out here and at the provider", async () => {
    who = "alice";
    const visitor = new Visitor();
    await visitor.follow(`${fixture.address}/sign-in`);
    const cookie = visitor.jars.get(new URL(fixture.address).host)!.get("kvv_session")!;
    expect(await (await visitor.ask(`${fixture.address}/sign-in`)).text()).toContain("Afmelden");
    visitor.trail = [];
    await visitor.follow(`${fixture.address}/sign-out`, { method: "POST" });
    expect(visitor.trail[0]).toMatch(new RegExp(`^${provider.issuer}/session/end\\?.*id_token_hint=`));
    expect(await whoIs(visitor)).toBe(401);
    const stolen = await fetch(`${fixture.address}/api/v1/session`, { headers: { cookie: `kvv_session=${cookie}` } });
    expect(stolen.status).toBe(401);
  });

  it("does not let a page elsewhere sign somebody out", async () => {
    const answer = await fetch(`${fixture.address}/sign-out`, {
      method: "POST",
      headers: { origin: "http://evil.example" },
    });
    expect(answer.status).toBe(403);
  });

  it("keeps those who are in when the provider is gone, and tells the others", async () => {
    const gone = await startProvider("http://127.0.0.1:1", {}, () => "x");
    await gone.stop();
    const alone = await serveFixture({
      log,
      address: "http://127.0.0.1:1",
      signIn: { issuer: gone.issuer, clientId: "kvv", clientSecret: "s", mapping },
    });
    const visitor = new Visitor();
    const answer = await visitor.ask(`${alone.address}/sign-in`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("Aanmelden kan nu niet");
    const kept = await fetch(`${alone.address}/api/v1/meta`, { headers: { cookie: alone.cookie } });
    expect(kept.status).toBe(200);
    await alone.stop();
  });
});

describe("somebody who comes back", () => {
  it("without having left here, or twice with the same answer, is not let in", async () => {
    who = "alice";
    const visitor = new Visitor();
    await visitor.follow(`${fixture.address}/sign-in`);
    const back = visitor.trail.find((each) => each.includes("/sign-in/callback"))!;
    expect((await new Visitor().ask(back)).status).toBe(403);
    const again = new Visitor();
    again.jars.set(new URL(fixture.address).host, new Map(visitor.jars.get(new URL(fixture.address).host)));
    expect((await again.ask(back)).status).toBe(403);
  });

  it("with another's answer is not let in: who sends a link with their own code signs nobody in as them", async () => {
    who = "bob";
    const attacker = new Visitor();
    const leave = (await attacker.ask(`${fixture.address}/sign-in`)).headers.get("location")!;
    const seen: string[] = [];
    let next = leave;
    while (!next.startsWith(fixture.address)) {
      seen.push(next);
      next = new URL((await attacker.ask(next)).headers.get("location")!, next).href;
    }
    const victim = new Visitor();
    await victim.ask(`${fixture.address}/sign-in`);
    expect((await victim.ask(next)).status).toBe(403);
    expect(await whoIs(victim)).toBe(401);
  });
});

describe("a token", () => {
  let lie: (nonce: string) => Falsehood;
  let liar: Awaited<ReturnType<typeof startFalseProvider>>;
  let served: Fixture;
  beforeAll(async () => {
    liar = await startFalseProvider((nonce) => lie(nonce));
    const port = await freePort();
    const signIn = { issuer: liar.issuer, clientId: "kvv", clientSecret: "s", mapping };
    served = await serveFixture({ port, address: `http://127.0.0.1:${port}`, signIn, log });
  });
  afterAll(async () => {
    await served.stop();
    await liar.stop();
  });

  async function comeBack(): Promise<number | object> {
    const visitor = new Visitor();
    const leave = (await visitor.ask(`${served.address}/sign-in`)).headers.get("location")!;
    const code = liar.codeFor(leave);
    const state = new URL(leave).searchParams.get("state")!;
    const back = await visitor.ask(`${served.address}/sign-in/callback?code=${code}&state=${state}`);
    const inside = await visitor.ask(`${served.address}/api/v1/session`);
    return [back.status, inside.status];
  }
  const now = () => Math.floor(Date.now() / 1000);

  it("that is right lets in", async () => {
    lie = () => ({});
    expect(await comeBack()).toEqual([302, 200]);
  });

  it.each<[string, (nonce: string) => Falsehood]>([
    ["of another issuer", () => ({ claims: { iss: "https://evil.example" } })],
    ["for another client", () => ({ claims: { aud: "other" } })],
    ["for several clients, none of them named as the party", () => ({ claims: { aud: ["kvv", "other"] } })],
    ["with another nonce", () => ({ claims: { nonce: "other" } })],
    ["without a nonce", () => ({ claims: { nonce: undefined } })],
    ["that is over", () => ({ claims: { exp: now() - 600, iat: now() - 900 } })],
    ["that begins later", () => ({ claims: { nbf: now() + 600 } })],
    ["signed by a stranger", () => ({ otherKey: true })],
    [
      "that was altered",
      () => ({
        alter: (token) => {
          const [head, body, sign] = token.split(".") as [string, string, string];
          const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as object;
          return [head, Buffer.from(JSON.stringify({ ...claims, sub: "king" })).toString("base64url"), sign].join(".");
        },
      }),
    ],
    [
      "without a signature",
      () => ({ alter: (token) => `${Buffer.from('{"alg":"none"}').toString("base64url")}.${token.split(".")[1]}.` }),
    ],
    ["that is none", () => ({ alter: () => "x" })],
  ])("%s does not", async (_name, told) => {
    lie = told;
    expect(await comeBack()).toEqual([403, 401]);
  });
});

describe("userOf(claims, mapping)", () => {
  const groups = (...given: string[]) => userOf({ sub: "1", preferred_username: "x", groups: given }, mapping);

  it("adds up roles, and units of the role that leads only", () => {
    expect(groups("KVV-Control", "KVV-Den-Haag")).toMatchObject({
      name: "x",
      roles: ["leadership", "control"],
      units: ["den-haag"],
    });
    expect(groups("KVV-Den-Haag", "KVV-Rotterdam-programma")).toMatchObject({
      name: "x",
      roles: ["leadership"],
      units: ["den-haag"],
    });
    expect(groups("KVV-Rotterdam-programma")).toMatchObject({ name: "x", roles: ["programme"], units: ["rotterdam"] });
  });

  it("knows nobody by a group that it does not have, or by none", () => {
    expect(groups()).toBeNull();
    expect(groups("constructor", "__proto__", "kvv-control")).toBeNull();
    expect(userOf({ sub: "1", groups: "KVV-Control" }, mapping)).toMatchObject({
      ...{ name: "1", roles: ["control"], units: [] },
    });
    expect(userOf({ groups: ["KVV-Control"] }, mapping)).toBeNull();
    expect(userOf({ sub: "1", groups: { 0: "KVV-Control" } }, mapping)).toBeNull();
  });

  it("knows somebody again whatever they are called, and two of one name apart, without keeping the claim itself", () => {
    const of = (sub: string | undefined, name: string) =>
      userOf({ sub, preferred_username: name, groups: "KVV-Control" }, mapping)!.subject;
    expect(of("staff-1234", "A. Jansen")).toBe(of("staff-1234", "A. de Vries"));
    expect(of("staff-1234", "A. Jansen")).not.toBe(of("staff-1235", "A. Jansen"));
    expect(of("staff-1234", "A. Jansen")).not.toContain("1234");
    expect(of(undefined, "A. Jansen")).toBeUndefined();
    const by = (iss: string) => userOf({ iss, sub: "1", groups: "KVV-Control" }, mapping)!.subject!;
    expect(by("https://one.example.org")).not.toBe(by("https://other.example.org"));
    expect(by("https://one.example.org").split(".")[1]).toBe(of("1", "A. Jansen"));
  });
});

describe("readMapping(file)", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "kvv-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const read = (text: string) => {
    writeFileSync(path.join(folder, "access.yaml"), text);
    return () => readMapping(path.join(folder, "access.yaml"));
  };

  it("reads which group is what", () => {
    expect(read("roles:\n  A: { role: leadership, units: [den-haag] }\n")()).toEqual({
      ...{ name: "preferred_username", groups: "groups" },
      roles: { A: { role: "leadership", units: ["den-haag"] } },
    });
  });

  it("names all that is wrong", () => {
    expect(read("roles:\n  A: { role: king }\n  B: { role: leadership }\n  C: { role: hrm, units: [x] }\n")).toThrow(
      /roles\.A\.role: is none of .*; roles\.B\.units: belong to leadership.*; roles\.C\.units: belong/,
    );
    expect(read("rolls: {}")).toThrow(/roles: .*Unrecognized key/);
    expect(() => readMapping(path.join(folder, "none.yaml"))).toThrow(/cannot be read: ENOENT/);
  });
});
