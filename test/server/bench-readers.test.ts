import http from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { Asker, isFailed } from "../../server/bench-readers.ts";
import { addressOf } from "../../server/listen.ts";

const open: http.Server[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) {
    each.closeAllConnections();
    await new Promise((resolve) => each.close(resolve));
  }
});

async function served(answer: http.RequestListener): Promise<string> {
  const server = http.createServer(answer);
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return addressOf(server);
}

const visit = { page: null, questions: ["/meta"] };

describe("Asker.visit({ page, questions })", () => {
  it("tells an answer with its size, once", async () => {
    const asker = new Asker(await served((_, response) => void response.end("12345")), "");
    await asker.visit(visit);
    asker.close();
    expect(asker.answered).toMatchObject([{ path: "/api/v1/meta", status: 200, bytes: 5 }]);
    expect(asker.answered.filter(isFailed)).toEqual([]);
  });

  it("counts what is never answered as a failure, once, and goes on", async () => {
    const asker = new Asker(await served(() => {}), "", 50);
    await asker.visit(visit);
    asker.close();
    expect(asker.answered).toMatchObject([{ path: "/api/v1/meta", status: 0 }]);
    expect(asker.answered.filter(isFailed)).toHaveLength(1);
  });

  it("counts an answer that stops half-way as a failure, once", async () => {
    const asker = new Asker(await served((_, response) => void response.write("123")), "", 50);
    await asker.visit(visit);
    asker.close();
    expect(asker.answered).toMatchObject([{ path: "/api/v1/meta", status: 0 }]);
  });
});
