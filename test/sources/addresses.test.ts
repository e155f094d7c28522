import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressRule, guardedLookup, isPublic } from "../../pipelines/sources/addresses.ts";

describe("isPublic(address)", () => {
  it.each([
    ...["0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.255", "169.254.169.254"],
    ...[
      "172.16.0.1",
      "172.31.255.255",
      "192.0.0.1",
      "192.168.1.1",
      "198.18.0.1",
      "224.0.0.1",
      "239.1.1.1",
      "255.255.255.255",
    ],
    ...["168.63.129.16", "::", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.1.2.3", "::127.0.0.1", "[::1]"],
    ...[
      "fc00::1",
      "fd00:ec2::254",
      "fe80::1",
      "fe80::1%eth0",
      "fec0::1",
      "ff02::1",
      "64:ff9b::7f00:1",
      "2002:7f00:1::",
    ],
    ...["2001::1", "2001:db8::1", "100::1", "nonsense", ""],
  ])("is not so of %s", (address) => expect(isPublic(address)).toBe(false));

  it.each([
    "1.1.1.1",
    "172.15.0.1",
    "172.32.0.1",
    "100.63.0.1",
    "192.169.0.1",
    "2606:4700::1111",
    "::ffff:1.1.1.1",
    "2a00:1450::1",
  ])("is so of %s", (address) => expect(isPublic(address)).toBe(true));

  it("judges an address of IPv4 the same however it is written in IPv6", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a, b, c, d] = address.split(".").map(Number) as [number, number, number, number];
        const hex = `::ffff:${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        expect(isPublic(`::ffff:${address}`)).toBe(isPublic(address));
        expect(isPublic(hex)).toBe(isPublic(address));
      }),
      { seed: 2016, numRuns: 300 },
    );
  });
});

describe("addressRule(setting)", () => {
  it("allows what the setting names, and no more", () => {
    expect(addressRule("").allows("10.1.2.3")).toBe(false);
    expect(addressRule("no").allows("10.1.2.3")).toBe(false);
    expect(addressRule("yes").allows("10.1.2.3")).toBe(true);
    const some = addressRule("10.1.0.0/16, fd00::/8 192.168.3.4");
    expect(
      ["10.1.2.3", "::ffff:10.1.2.3", "fd12::1", "192.168.3.4", "1.1.1.1"].every((each) => some.allows(each)),
    ).toBe(true);
    expect(["10.2.0.1", "192.168.3.5", "127.0.0.1", "fe80::1"].some((each) => some.allows(each))).toBe(false);
  });

  it.each(["10.1.0.0/33", "intranet", "10.1.0.0/16/2", "10.1.0.0/x"])("names what makes no sense: %s", (setting) => {
    expect(() => addressRule(setting)).toThrow(`"${setting}" is not a network; write yes, or a list`);
  });
});

describe("guardedLookup(rule, resolve)", () => {
  const lookup = (addresses: { address: string; family: number }[], all: boolean) =>
    new Promise<unknown>((resolve) =>
      guardedLookup(addressRule(""), async () => addresses)("example.org", { all }, (error, found) =>
        resolve(error ? error.message : found),
      ),
    );

  it("yields only addresses that may be reached", async () => {
    const found = [
      { address: "10.0.0.1", family: 4 },
      { address: "1.1.1.1", family: 4 },
    ];
    expect(await lookup(found, true)).toEqual([{ address: "1.1.1.1", family: 4 }]);
    expect(await lookup(found, false)).toBe("1.1.1.1");
  });

  it("refuses a name that has none", async () => {
    expect(await lookup([{ address: "::1", family: 6 }], true)).toContain("KVV_ALLOW_PRIVATE_SOURCES");
    expect(await lookup([], true)).toBe("no address of example.org");
  });
});
