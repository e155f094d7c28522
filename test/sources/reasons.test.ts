import { describe, expect, it } from "vitest";
import { reasonOf as clickhouse } from "../../pipelines/sources/engines/clickhouse.ts";
import { reasonOf as postgresql } from "../../pipelines/sources/engines/postgresql.ts";

const address = new URL("postgresql://kvv:lezen@events.example:5432/politie");
const failing = (code: string, more: object = {}) => Object.assign(new Error(`write ${code}`), { code, ...more });

describe.each([
  ["postgresql", (error: Error) => postgresql(error, address, true)],
  ["clickhouse", (error: Error) => clickhouse(error, address, true)],
] as const)("reasonOf(error, address) of %s", (_, reasonOf) => {
  it.for([
    ["EPIPE", "broke the connection off"],
    ["ECONNRESET", "broke the connection off"],
    ["EHOSTUNREACH", "cannot be reached"],
    ["EBADF", "does not answer as it should (EBADF)"],
  ])("takes the %s of the system for no code of the engine, and tries again", ([code, words]) => {
    expect(reasonOf(failing(code!, { syscall: "write", errno: -32 }))).toMatchObject({
      message: `events.example:5432 ${words}`,
      again: true,
    });
  });
});

describe("reasonOf(error, address) of postgresql", () => {
  it("names the engine's own code, and not what it says of rows", () => {
    const told = postgresql(failing("22P02"), address, true);
    expect(told).toMatchObject({ message: "events.example:5432 fails over the query (SQLSTATE 22P02)", again: false });
  });
});
