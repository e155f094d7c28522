import dns from "node:dns";
import net from "node:net";
import { Refusal } from "../problem.ts";

/** Which addresses may be reached. */
export interface AddressRule {
  allows(address: string): boolean;
}

/** Networks of IPv4 that are not of the public internet. */
const special4: [string, number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  // A cloud's metadata, at an address that looks public.
  ["168.63.129.16", 32],
];

/** Of IPv6 only 2000::/3 is public at all; these networks of it are not, or lead back to IPv4. */
const special6: [string, number][] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const blocked = new net.BlockList();
for (const [network, bits] of special4) blocked.addSubnet(network, bits, "ipv4");
for (const [network, bits] of special6) blocked.addSubnet(network, bits, "ipv6");
const global6 = new net.BlockList();
global6.addSubnet("2000::", 3, "ipv6");

/** Whether an address is one of the public internet: not private, loopback, link-local, shared, multicast, reserved or a cloud's metadata. */
export function isPublic(address: string): boolean {
  const bare = plain(address);
  const family = net.isIP(bare);
  if (family === 4) return !blocked.check(bare, "ipv4");
  return family === 6 && global6.check(bare, "ipv6") && !blocked.check(bare, "ipv6");
}

/** An address without its zone; one of IPv4 that is written in IPv6 as what it is. */
function plain(address: string): string {
  const bare = address.replace(/^\[|\]$/g, "").split("%")[0]!;
  if (net.isIP(bare) !== 6) return bare;
  const written = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(written);
  if (!mapped) return written;
  const [high, low] = [parseInt(mapped[1]!, 16), parseInt(mapped[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** The rule of the setting KVV_ALLOW_PRIVATE_SOURCES: empty for public addresses only, `yes` for all, or a list of networks that may be reached besides. Throws with the part that makes no sense. */
export function addressRule(setting: string): AddressRule {
  const text = setting.trim();
  if (text === "yes") return { allows: () => true };
  const allowed = new net.BlockList();
  for (const part of text.split(/[,\s]+/).filter((each) => each !== "" && each !== "no")) {
    const [network, bits, more] = part.split("/");
    const family = net.isIP(network!);
    const length = bits === undefined ? (family === 6 ? 128 : 32) : Number(bits);
    if (!family || more !== undefined || !Number.isInteger(length) || length < 0 || length > (family === 6 ? 128 : 32))
      throw new Error(`"${part}" is not a network; write yes, or a list such as 10.1.0.0/16,192.168.3.4`);
    allowed.addSubnet(network!, length, family === 6 ? "ipv6" : "ipv4");
  }
  const within = (address: string) => {
    const bare = plain(address);
    const family = net.isIP(bare);
    return family !== 0 && allowed.check(bare, family === 6 ? "ipv6" : "ipv4");
  };
  return { allows: (address) => isPublic(address) || within(address) };
}

export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>;

/** Asks the system for all addresses of a name. */
export const resolveName: Resolve = (host) => dns.promises.lookup(host, { all: true });

export const refuseAddress = (host: string): Refusal =>
  new Refusal(
    `${host} is an address of a private network, which is not asked; if it should be, name its network in KVV_ALLOW_PRIVATE_SOURCES`,
  );

/** A look-up for a connection that yields no address that the rule forbids: what was checked is what is connected to, whatever the name says a moment later. */
export function guardedLookup(rule: AddressRule, resolve: Resolve): net.LookupFunction {
  return (host, options, done) => {
    resolve(host).then(
      (found) => {
        const allowed = found.filter(({ address }) => rule.allows(address));
        const wanted = options.family === 4 || options.family === 6 ? options.family : null;
        const usable = allowed.filter(({ family }) => wanted === null || family === wanted);
        const first = usable[0];
        if (!first) {
          done(found.length > 0 && allowed.length === 0 ? refuseAddress(host) : notFound(host), "", 0);
        } else if (options.all) done(null, usable);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, "", 0),
    );
  };
}

const notFound = (host: string) => Object.assign(new Error(`no address of ${host}`), { code: "ENOTFOUND" });
