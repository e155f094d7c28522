import { mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { firstPages } from "../../server/made-pages.ts";
import type { Asker, Renderer } from "../../server/renderer.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { makeOperations, makeSnapshot, temporaryHome } from "../support/snapshot.ts";
import { ask } from "./ask.ts";

/** What was made: for whom, of which snapshot, and whether nobody waited for it. */
interface Made {
  address: string;
  scope: string;
  snapshot: string;
  ahead: boolean;
}

const next = "20991231T060002Z-000002";
const own = { name: "l", roles: ["programme"], units: ["den-haag"] } as const;
let fixture: Fixture;
let made: Made[];
let works: boolean;
const { home: folder, remove } = temporaryHome();

/** What else a page asks for while it is made. */
let asks: ((asker: Asker) => Promise<string>) | null = null;

/** Makes pages that say of which snapshot the server answers it, as it would make a page's figures. */
function recording(): Renderer {
  const make = async (address: string, asker: Asker, ahead: boolean) => {
    const headers = {
      cookie: `kvv_session=${asker.cookie}`,
      "x-kvv-inside": asker.inside,
      ...(asker.ahead ? { "x-kvv-ahead": asker.ahead } : {}),
    };
    const meta = await fetch(`${fixture.address}/api/v1/meta`, { headers });
    const { snapshot = `status ${meta.status}` } = (await meta.json()) as { snapshot?: string };
    const more = (await asks?.(asker)) ?? "";
    made.push({ address, scope: asker.scope, snapshot, ahead });
    return works ? { body: `<h1>${address} of ${snapshot}</h1>${more}`, title: "", lang: "nl", theme: null } : null;
  };
  const page: Renderer["page"] = (address, _frame, _state, asker) => make(address, asker, false);
  const pageAhead: Renderer["pageAhead"] = (address, _frame, _state, asker) => make(address, asker, true);
  return { page, pageAhead } as Renderer;
}

beforeEach(async () => {
  [made, works] = [[], true];
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, "index.html"),
    '<html lang="nl"><head><title>x</title></head><body><div id="app"></div></body></html>',
  );
  fixture = await serveFixture({ pages: { dev: false, folder, renderer: recording() } });
});
afterEach(async () => {
  await fixture.stop();
  remove();
});

const look = (address: string, cookie = fixture.cookie) =>
  ask(fixture, address, { headers: { accept: "text/html", cookie } });
const idle = () => new Promise((resolve) => setTimeout(resolve, 50));
const named = ({ address, ahead }: Made) => `${ahead ? "ahead " : ""}${address}`;

describe("GET /, /unit/:unit, ...", () => {
  it("is the page with its figures, made once for all who see the same", async () => {
    const first = await look("/unit/den-haag");
    expect(first.text).toContain(`<h1>/unit/den-haag of ${fixture.snapshots.manifest!.snapshot}</h1>`);
    expect(await look("/unit/den-haag")).toMatchObject({ status: 200, text: first.text });
    await look("/unit/den-haag", await fixture.cookieOf({ ...own, roles: [...own.roles], units: [...own.units] }));
    expect(made.map(named)).toEqual(["/unit/den-haag", "/unit/den-haag"]);
    expect(new Set(made.map(({ scope }) => scope)).size).toBe(2);
  });

  it("is the empty page before the first snapshot", async () => {
    const before = fixture;
    fixture = await serveFixture({ snapshot: false, pages: { dev: false, folder, renderer: recording() } });
    const empty = await look("/");
    await before.stop();
    expect(empty.status).toBe(200);
    expect(empty.text).toContain('<div id="app"></div>');
  });

  it("is the empty page where it cannot be made, which no tag of a made one names", async () => {
    const { headers } = await look("/");
    works = false;
    const empty = await look("/?lang=en");
    expect(empty.status).toBe(200);
    expect(empty.text).toContain('<div id="app"></div>');
    expect(empty.headers.etag).toMatch(/^W\//);
    expect(empty.headers.etag).not.toBe(headers.etag);
    works = true;
    expect((await look("/?lang=en")).text).toContain("<h1>");
  });

  it("stays where files were loaded that no page but those of the work tells of", async () => {
    await look("/");
    await look("/data");
    // The feed that is late there is as late as before.
    await makeOperations(fixture.home, 3);
    await look("/");
    await look("/data");
    expect(made.map(named)).toEqual(["/", "/data", "/data"]);
  });

  it("is made anew where it is to tell something else of a feed that is late or wrong, those looked at most first", async () => {
    for (const address of ["/hrm", "/", "/", "/unit/den-haag", "/unit/den-haag", "/unit/den-haag"]) await look(address);
    made = [];
    await makeOperations(fixture.home, 2, ["update feeds set trouble = null, trouble_since = null"]);
    await look("/signals");
    await vi.waitFor(() => expect(made.map(named)).toEqual(["/signals", "ahead /unit/den-haag", "ahead /"]), 5000);
  });
});

describe("a new snapshot", () => {
  it("has the pages that are looked at more than once ready before it is served, for each as they see it", async () => {
    const other = await fixture.cookieOf({ ...own, roles: [...own.roles], units: [...own.units] });
    for (const cookie of [fixture.cookie, other, fixture.cookie, other]) await look("/", cookie);
    await look("/hrm");
    const old = fixture.snapshots.manifest!.snapshot;
    made = [];
    await makeSnapshot(fixture.home, { name: next });
    const { beforeServing } = fixture.snapshots;
    const during: string[] = [];
    fixture.snapshots.beforeServing = async (scoped, name) => {
      await beforeServing(scoped, name);
      during.push(fixture.snapshots.manifest!.snapshot, ...made.map(({ snapshot }) => snapshot));
    };
    await fixture.snapshots.refresh();
    expect(during).toEqual([old, next, next]);
    expect(made.map(named)).toEqual(["ahead /", "ahead /"]);
    for (const cookie of [fixture.cookie, other])
      expect((await look("/", cookie)).text).toContain(`<h1>/ of ${next}</h1>`);
    await idle();
    expect(made).toHaveLength(2);
  });

  it("takes the place of no other that is asked by its day or its name", async () => {
    const old = fixture.snapshots.manifest!.snapshot;
    await makeSnapshot(fixture.home, { name: next });
    const asked: string[] = [];
    fixture.snapshots.beforeServing = async (scoped) => {
      const ahead = scoped({ parts: [{ reach: "own", units: ["den-haag"] }] });
      const nameOf = async ({ manifest }: { manifest: { snapshot: string } }) => manifest.snapshot;
      asked.push(await ahead.use(undefined, nameOf), await ahead.use("2090-01-01", nameOf));
      asked.push(await ahead.useNamed(next, nameOf), await ahead.useNamed(old, nameOf));
    };
    await fixture.snapshots.refresh();
    expect(asked).toEqual([next, old, next, old]);
  });

  it("is shown before it is served to nobody but the server itself", async () => {
    const old = fixture.snapshots.manifest!.snapshot;
    await makeSnapshot(fixture.home, { name: next });
    const seen: unknown[] = [];
    fixture.snapshots.beforeServing = async () => {
      for (const inside of ["", "yes"]) {
        const headers = { "x-kvv-ahead": next, "x-kvv-inside": inside };
        const answered = await ask(fixture, "/api/v1/meta", { headers });
        seen.push((JSON.parse(answered.text) as { snapshot: string }).snapshot);
      }
    };
    await fixture.snapshots.refresh();
    expect(seen).toEqual([old, old]);
  });
});

describe("firstPages(catalogue)", () => {
  const unit = (unit_id: string, level: string, valid_to: string | null = null) =>
    [unit_id, [{ ...{ unit_id, level, valid_to }, name: unit_id, parent_id: null, valid_from: null }]] as const;

  it("are those of all units and of each that there is, and one of each other kind", () => {
    const definitions = new Map([
      ["intake", { id: "intake", kind: "share" }],
      ["complaints-rate", { id: "complaints-rate", kind: "rate" }],
    ]) as unknown as Parameters<typeof firstPages>[0]["definitions"];
    const units = new Map(
      [unit("politie", "force"), unit("den-haag", "unit"), unit("haaglanden", "unit", "2012-12-31")].map(
        ([id, periods]) => [id, [...periods]],
      ),
    );
    expect(firstPages({ units, definitions })).toEqual([
      ...["/", "/unit/den-haag", "/signals"],
      ...["/indicator/complaints-rate", "/compare/complaints-rate"],
    ]);
    expect(firstPages({ units: new Map(), definitions: new Map() })).toEqual(["/", "/signals"]);
  });
});

describe("a page of a server that passes on what people write", () => {
  const serversSecret = "a-secret-of-servers-0123456789-abcdef";
  let writer: Fixture;
  let road: net.Server;
  let closed = false;
  const open = new Set<net.Socket>();
  /** Nothing reaches the server with what people write, nor comes back of what was under way. */
  const cut = () => {
    closed = true;
    for (const each of open) each.destroy();
  };
  const feeds = async ({ cookie, inside }: Asker) => {
    const answer = await fetch(`${fixture.address}/api/v1/loads`, { headers: { cookie: `kvv_session=${cookie}`, "x-kvv-inside": inside } }); // prettier-ignore
    return answer.status === 200 ? "<p>there</p>" : "<p>away</p>";
  };

  beforeEach(async () => {
    await fixture.stop();
    writer = await serveFixture({ serversSecret });
    closed = false;
    road = net.createServer((near) => {
      near.on("error", () => undefined);
      if (closed) return void near.destroy();
      open.add(near);
      const far = net.connect(Number(new URL(writer.address).port), "127.0.0.1");
      far.on("error", () => near.destroy());
      near.on("close", () => far.destroy());
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => road.listen(0, "127.0.0.1", resolve));
    const writesUrl = `http://127.0.0.1:${(road.address() as net.AddressInfo).port}`;
    const log = { info() {}, warn() {}, error() {} };
    fixture = await serveFixture({ serversSecret, writesUrl, log, pages: { dev: false, folder, renderer: recording() } }); // prettier-ignore
  });
  afterEach(async () => {
    asks = null;
    cut();
    road.close();
    await writer.stop();
  });

  it("is not kept where that server went away while it was made, nor where it came back", async () => {
    asks = async (asker) => (cut(), feeds(asker));
    expect((await look("/")).text).toContain('<div id="app"></div>');
    asks = feeds;
    expect((await look("/")).text).toContain("<p>away</p>");
    asks = async (asker) => {
      const found = await feeds(asker);
      closed = false;
      await fixture.look();
      return found;
    };
    expect((await look("/signals")).text).toContain('<div id="app"></div>');
    asks = feeds;
    for (const address of ["/", "/signals"]) expect((await look(address)).text).toContain("<p>there</p>");
  });

  it("is not kept where that server went away and came back while it was made", async () => {
    asks = async (asker) => {
      cut();
      const found = await feeds(asker);
      closed = false;
      await fixture.look();
      return found;
    };
    expect((await look("/")).text).toContain('<div id="app"></div>');
    asks = feeds;
    expect((await look("/")).text).toContain("<p>there</p>");
    expect((await look("/")).text).toContain("<p>there</p>");
  });
});
