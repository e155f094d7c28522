import net from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startReader, type Reader } from "../support/pages.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";

const serversSecret = "a-secret-of-servers-0123456789-abcdef";
const now = () => new Date("2017-02-10T09:00:00Z");

/** The server with which lives what people write, the road to it, and the one that people read at. */
let writer: Fixture;
let road: net.Server;
let reader: Reader;
let closed = false;
/** Changes arrive there, and their answers are lost on the way back. */
let losing = false;
const connections = new Set<net.Socket>();

beforeAll(async () => {
  writer = await serveFixture({ serversSecret, now });
  const { port } = new URL(writer.address);
  road = net.createServer((socket) => {
    socket.on("error", () => socket.destroy());
    if (closed) return void socket.destroy();
    connections.add(socket);
    const onward = net.connect(Number(port), "127.0.0.1");
    onward.on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
    let isChange = false;
    socket.on("data", (piece) => {
      const head = piece.toString("latin1");
      if (head.startsWith("POST ")) isChange = /^POST \S*passed-on[^]*\r\ntransfer-encoding: chunked\r\n/i.test(head);
      onward.write(piece);
    });
    onward.on("data", (piece) => (losing && isChange ? socket.destroy() : socket.write(piece)));
    onward.on("close", () => socket.destroy());
  });
  await new Promise<void>((resolve) => road.listen(0, "127.0.0.1", resolve));
  const writesUrl = `http://127.0.0.1:${(road.address() as AddressInfo).port}`;
  reader = await startReader({ serversSecret, writesUrl, now, log: { info() {}, warn() {}, error() {} } });
}, 120_000);
afterAll(async () => {
  await reader.stop();
  for (const each of connections) each.destroy();
  road.close();
  await writer.stop();
});

async function away(): Promise<void> {
  closed = true;
  for (const each of connections) each.destroy();
  await reader.fixture.look();
}

async function back(): Promise<void> {
  closed = false;
  await reader.fixture.look();
}

const said = "Wat mensen schreven is nu niet te bereiken";

describe("while the server with which lives what people write is away", () => {
  it("a page says so beside figures that it shows, and what is typed stays and is saved when it is back", async () => {
    const page = await reader.open("/review/den-haag/2016-H2");
    const overall = page.getByRole("textbox", { name: "Toelichting op het geheel" });
    await overall.fill("Voor de storing.");
    await page
      .getByText(/Opgeslagen om .*, versie 1/)
      .first()
      .waitFor();
    await away();
    await overall.fill("Tijdens de storing.");
    await page.getByText(new RegExp(`Niet opgeslagen: ${said}`)).waitFor();
    expect(await overall.inputValue()).toBe("Tijdens de storing.");
    await back();
    await page
      .getByText(/Opgeslagen om .*, versie 2/)
      .first()
      .waitFor({ timeout: 20_000 });
    const { texts } = JSON.parse(await (await fetch(`${writer.address}/api/v1/reviews/den-haag/2016-H2`, { headers: { cookie: writer.cookie } })).text()) as { texts: { text: string }[] }; // prettier-ignore
    expect(texts.map(({ text }) => text)).toContain("Tijdens de storing.");
    await page.context().close();
    expect(reader.complaints.splice(0).every((each) => each.includes("503"))).toBe(true);
  });

  it("figures are there as ever, and pages of texts say why they are not, in either language", async () => {
    await away();
    const figures = await reader.open("/unit/den-haag");
    await figures.getByRole("heading", { level: 1, name: "Den Haag" }).waitFor();
    expect(await figures.getByRole("alert").count()).toBe(0);
    await figures.context().close();
    for (const [address, words] of [
      ["/review", said],
      ["/actions", said],
      ["/evaluations", said],
      ["/workbench", said],
      ["/data", said],
      ["/review?lang=en", "What people wrote cannot be reached just now"],
    ] as const) {
      const page = await reader.open(address);
      await page.getByRole("alert").getByText(words).first().waitFor();
      const all = await page.getByRole("alert").first().innerText();
      expect(all.match(/figures are not affected|Antwoord van de monitor/), address).toBeNull();
      expect(await page.getByText("Er zijn nog geen cijfers gepubliceerd").count(), address).toBe(0);
      await page.context().close();
    }
    await back();
    const page = await reader.open("/review");
    await page
      .getByText(/getekend/)
      .first()
      .waitFor();
    await page.context().close();
    reader.complaints.splice(0);
  });

  it("a page says that nobody knows whether a change was kept, in its own language alone", async () => {
    const readers = await Promise.all(
      (
        [
          [
            "/review/den-haag/2016-H2?lang=nl",
            "Toelichting op het geheel",
            /Niet opgeslagen: De verbinding viel weg. Kijk of dit is bewaard/,
            /Opgeslagen om/,
          ],
          [
            "/review/rotterdam/2016-H2?lang=en",
            "Overall comment",
            /Not saved: The connection was lost. Look whether this was kept/,
            /Saved at/,
          ],
        ] as const
      ).map(async ([address, name, said, saved]) => {
        const page = await reader.open(address);
        return { page, address, overall: page.getByRole("textbox", { name }), said, saved };
      }),
    );
    losing = true;
    for (const { address, overall } of readers) await overall.fill(`Onderweg, ${address}.`);
    for (const { page, address, overall, said } of readers) {
      await page.getByText(said).waitFor();
      expect(await overall.inputValue()).toBe(`Onderweg, ${address}.`);
    }
    expect(await readers[0]!.page.locator("main").innerText()).not.toMatch(/whether this was kept/);
    losing = false;
    for (const { page, saved } of readers) {
      await page.getByText(saved).first().waitFor({ timeout: 20_000 });
      await page.context().close();
    }
    expect(reader.complaints.splice(0).every((each) => each.includes("503"))).toBe(true);
  });
});
