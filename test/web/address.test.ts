import { describe, expect, it } from "vitest";
import { lastingQuery, matchPath, patchQuery, readAddress, writeAddress } from "../../web/state/address.ts";

describe("readAddress(url), writeAddress(address)", () => {
  it.each(["/", "/unit/den-haag", "/indicator/intake-dual?unit=den-haag&grain=half&period=2016-H2"])(
    "%s comes back as it was",
    (address) => expect(writeAddress(readAddress(address))).toBe(address),
  );

  it("takes no notice of a slash at the end, and leaves out empty choices", () => {
    expect(readAddress("http://127.0.0.1:3000/unit/den-haag/").path).toBe("/unit/den-haag");
    expect(writeAddress({ path: "/", query: { lang: "" } })).toBe("/");
  });
});

describe("patchQuery(query, patch)", () => {
  it("sets, takes out, and leaves the rest", () => {
    expect(patchQuery({ a: "1", b: "2" }, { a: null, c: "3", b: "4" })).toEqual({ b: "4", c: "3" });
  });
});

describe("lastingQuery(query)", () => {
  it("keeps language, theme, grain, period and keys from page to page", () => {
    expect(lastingQuery({ lang: "en", grain: "year", keys: "off", unit: "den-haag", by: "gender" })).toEqual({
      lang: "en",
      grain: "year",
      keys: "off",
    });
  });
});

describe("matchPath(pattern, path)", () => {
  it("gives the parameters", () => {
    expect(matchPath("/unit/:unit?", "/unit/den-haag")).toEqual({ unit: "den-haag" });
    expect(matchPath("/unit/:unit?", "/unit")).toEqual({});
    expect(matchPath("/", "/")).toEqual({});
  });

  it("is null where the path does not fit", () => {
    expect(matchPath("/unit/:unit", "/unit")).toBeNull();
    expect(matchPath("/unit/:unit?", "/unit/a/b")).toBeNull();
    expect(matchPath("/", "/data")).toBeNull();
  });

  it("reads a broken escape as it stands", () => {
    expect(matchPath("/unit/:unit", "/unit/%E0%A4%A")).toEqual({ unit: "%E0%A4%A" });
  });
});
