import { hkdfSync } from "node:crypto";

/** Keys of the servers that share a secret, one for each use, so that none of them is of use for another. */
export interface SharedKeys {
  /** Of the cookies of people who are signed in: alike at all of them. */
  sessions: Uint8Array;
  /** Of what one of them passes on to another. */
  tickets: Uint8Array;
  /** Of the bodies that come with it. */
  bodies: Uint8Array;
}

export function keysOf(secret: string): SharedKeys {
  const key = (use: string) => new Uint8Array(hkdfSync("sha256", secret, "", `kvv ${use}`, 32));
  return { sessions: key("sessions"), tickets: key("tickets"), bodies: key("bodies") };
}
