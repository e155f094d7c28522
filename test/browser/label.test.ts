import { describe, expect, it } from "vitest";
import { labelMark } from "../../server/label.ts";
import { freePort } from "../support/free-port.ts";
import { useReader } from "../support/pages.ts";

const port = await freePort();
const mapping = { name: "name", groups: "groups", roles: {} };
const reader = useReader({
  port,
  address: `http://127.0.0.1:${port}`,
  signIn: { issuer: "http://127.0.0.1:9", clientId: "kvv", clientSecret: "", mapping },
});

describe("a page where people sign in", () => {
  it("calls each of those who see the same by their own name, as text", async () => {
    for (const name of ["Ada <b>Bos</b>", "Chris $& de Wit"]) {
      const cookie = await reader.fixture.cookieOf({ name, roles: ["hrm"], units: [] });
      for (const javaScriptEnabled of [true, false]) {
        const page = await reader.open("/unit/den-haag", { cookie, javaScriptEnabled });
        expect(await page.locator(".who").innerText()).toBe(name);
        expect(await page.content()).not.toContain(labelMark);
      }
    }
  });
});
