import { describe, expect, it } from "vitest";
import type { Express, RequestHandler } from "express";
import { nameOfScope, pagesOf, proofOfRoute, proofs, rightOfPage, rightOfRoute, rightsOf, roles, scopeOf } from "../../server/access.ts"; // prettier-ignore
import { methodOf } from "../../server/route.ts";
import { routes } from "../../server/routes/index.ts";
import { ForServers } from "../../server/servers/for-servers.ts";
import { serveFixture } from "../support/serve-fixture.ts";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectFolder } from "../../pipelines/settings.ts";

/** A layer of Express: a route, or something that stands before some; a router has layers of its own. */
interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  handle: { stack?: Layer[]; routers?(): { stack: Layer[] }[] };
  rawPath: string;
}

/** All that an app has an answer of its own to, but for pages, which are all that is else. */
function routesOf(app: Express): string[] {
  const below = (layers: Layer[], before: string): string[] =>
    layers.flatMap((layer) => {
      if (layer.route)
        return Object.keys(layer.route.methods)
          .filter((method) => layer.route!.methods[method] && method !== "_all")
          .map((method) => `${method.toUpperCase()} ${before}${layer.route!.path}`);
      const routers = [layer.handle, ...(layer.handle.routers?.() ?? [])];
      return below(
        routers.flatMap(({ stack }) => stack ?? []),
        before + layer.rawPath,
      );
    });
  return below((app as unknown as { router: { stack: Layer[] } }).router.stack, "");
}

const user = (role: string, ...units: string[]) => ({ name: role, roles: [role], units });

describe("the table of rights", () => {
  it("has every route and no other", () => {
    const there = routes.map((route) => `${methodOf(route).toUpperCase()} ${route.path}`);
    expect(Object.keys(rightOfRoute).sort()).toEqual([...there, "GET /openapi.json"].sort());
  });

  it("has, or says of itself, all that a server listens to: also what is for other servers", async () => {
    const fixture = await serveFixture({ publishedToken: "p".repeat(40), serversSecret: "s".repeat(40) });
    const served = routesOf(fixture.app);
    await fixture.stop();
    const open = ["GET /healthz", "GET /readyz", "GET /metrics"];
    const ofPeople = Object.keys(rightOfRoute).map((name) => name.replace(" /", " /api/v1/"));
    expect(served.sort()).toEqual([...open, ...ofPeople, ...Object.keys(proofOfRoute)].sort());
    expect(Object.values(proofOfRoute).filter((proof) => !proofs.includes(proof))).toEqual([]);
  });

  it("serves nothing for other servers that it does not have, nor with a proof that nobody checks", () => {
    const pass: RequestHandler = (_request, _response, next) => next();
    const routes = new ForServers("/published", { published_secret: pass });
    expect(() => routes.on("get", "/current", pass)).not.toThrow();
    for (const [method, path] of [["get", "/everything"], ["post", "/current"]] as const)
      expect(() => routes.on(method, path, pass)).toThrow(/no proof in access\.ts/); // prettier-ignore
    expect(() => new ForServers("/servers", { published_secret: pass }).on("post", "/state", pass)).toThrow(/no proof/);
  });

  it("has every page and no other", () => {
    const folder = path.join(projectFolder, "web", "pages");
    const pages = readdirSync(folder)
      .filter((name) => name.endsWith(".page.ts"))
      .map((name) => /path: "\/([^/"?:]*)/.exec(readFileSync(path.join(folder, name), "utf8"))![1]);
    expect(Object.keys(rightOfPage).sort()).toEqual(pages.sort());
  });

  // What the roles are for, said once more: a change of the table is a change here.
  it.each([
    [
      "leadership",
      "signs for its unit, releases nothing",
      ["sign_reviews", "write_reviews", "reviews", "figures"],
      ["release", "data", "load", "audit", "national"],
    ],
    [
      "programme",
      "writes for its unit and never signs",
      ["write_reviews", "actions", "write_actions"],
      ["sign_reviews", "reopen_reviews", "release", "data", "load", "plan"],
    ],
    [
      "hrm",
      "sees HR figures and plans",
      ["figures", "plan", "evaluations"],
      ["reviews", "actions", "recent", "data", "load", "audit"],
    ],
    [
      "control",
      "sees all, releases and loads, and signs for nobody",
      ["data", "load", "release", "figures", "reviews"],
      ["sign_reviews", "write_reviews", "audit"],
    ],
    [
      "portfolio",
      "reads all reviews",
      ["reviews", "national", "reopen_reviews"],
      ["sign_reviews", "write_reviews", "data", "load", "audit"],
    ],
    ["admin", "sees who did what, and no figure", ["audit", "know"], ["figures", "reviews", "actions", "data", "load"]],
  ])("%s %s", (role, _does, may, mayNot) => {
    const has: string[] = rightsOf(user(role, "den-haag"));
    expect(has).toEqual(expect.arrayContaining(may));
    expect(has.filter((each) => mayNot.includes(each))).toEqual([]);
  });
});

describe("scopeOf(user, right)", () => {
  it("is none without a role that has the right, nor for a role of units without a unit", () => {
    expect(scopeOf({ name: "x", roles: [], units: [] }, "know")).toBeNull();
    expect(scopeOf(user("chief", "den-haag"), "figures")).toBeNull();
    expect(scopeOf(user("admin"), "figures")).toBeNull();
    expect(scopeOf(user("leadership"), "sign_reviews")).toBeNull();
  });

  it("adds up what several roles show, and forgets bounds where one of them has none", () => {
    const both = { name: "x", roles: ["hrm", "leadership"], units: ["rotterdam", "den-haag"] };
    expect(scopeOf(both, "figures")).toEqual({
      parts: [
        { reach: "units", units: ["den-haag", "rotterdam"] },
        { reach: "hr", units: [] },
      ],
    });
    expect(scopeOf({ ...both, roles: ["hrm", "control"] }, "figures")).toEqual({
      parts: [{ reach: "all", units: [] }],
    });
  });

  it("gives units to roles of units only", () => {
    expect(scopeOf(user("portfolio", "den-haag-centrum"), "figures")).toEqual({
      parts: [{ reach: "units", units: [] }],
    });
  });
});

describe("nameOfScope(scope)", () => {
  it("differs for whoever sees something else", () => {
    const people = [...roles.map((role) => user(role, "den-haag")), user("leadership", "rotterdam")];
    const names = people.flatMap((each) => {
      const scope = scopeOf(each, "figures");
      return scope ? [nameOfScope(scope)] : [];
    });
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("pagesOf(user)", () => {
  it("leaves out what a role has no right to", () => {
    expect(pagesOf(user("admin"))).toEqual(["calendar", "audit", "register", "terms", "accessibility"]);
    expect(pagesOf(user("hrm"))).not.toContain("review");
    expect(pagesOf(user("leadership", "den-haag"))).not.toContain("data");
  });
});
