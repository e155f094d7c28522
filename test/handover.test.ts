import { mkdtempSync, rmSync } from "node:fs";
import type { Server, Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectOwner, listenForCommands, type Ask } from "../pipelines/handover.ts";

let home: string;
let server: Server;
beforeEach(async () => {
  home = mkdtempSync(path.join(os.tmpdir(), "kvv-handover-"));
  server = await listenForCommands(home, ({ command }: Ask) => Promise.resolve({ result: { command }, exit: 0 }));
});
afterEach(() => {
  server.close();
  rmSync(home, { recursive: true });
});

/** The next connection, as the listener has it. */
const connected = () => new Promise<Socket>((resolve) => server.once("connection", resolve));

describe("listenForCommands(home, work)", () => {
  it("goes on for others where a connection breaks off while it is written to", async () => {
    const uncaught: unknown[] = [];
    const hear = (error: unknown) => void uncaught.push(error);
    process.on("uncaughtException", hear);
    const [socket, client] = [connected(), (await connectOwner(home))!];
    client.on("error", () => undefined);
    (await socket).destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    await new Promise((resolve) => client.once("close", resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off("uncaughtException", hear);
    expect(uncaught).toEqual([]);

    const other = (await connectOwner(home))!;
    other.write(JSON.stringify({ command: "status", arguments: [], cwd: home }) + "\n");
    const answer = await new Promise<Buffer>((resolve) => other.once("data", resolve));
    expect(JSON.parse(answer.toString())).toEqual({ result: { command: "status" }, exit: 0 });
    other.destroy();
  });
});
