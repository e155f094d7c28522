import { execFileSync } from "node:child_process";
import { appendFileSync, chownSync, copyFileSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { ended, freePort, makeCertificates, ownFolder, started, until } from "./machine.ts";

/** A server of Debian's package `postgresql`, on this machine only, in a folder of its own. */
export interface PostgreSQL {
  port: number;
  /** Path of the certificate of the authority that signed its own. */
  ca: string;
  /** Address for a user who may do everything; `kvv` may read. */
  address(user?: string, password?: string): string;
  run(sql: string): Promise<void>;
  /** Begins to use another certificate. */
  useCertificate(which: "valid" | "expired"): Promise<void>;
  /** Stops at once, whatever is asked of it; `again` starts it anew. */
  kill(): Promise<void>;
  again(): Promise<void>;
  stop(): Promise<void>;
}

const versions = "/usr/lib/postgresql";

/** Null where the package is not installed. */
export async function startPostgreSQL(): Promise<PostgreSQL | null> {
  const version = existsSync(versions) ? readdirSync(versions).sort().at(-1) : undefined;
  const bin = (name: string) => path.join(versions, version!, "bin", name);
  if (version === undefined || !existsSync(bin("initdb"))) return null;
  const { folder, remove } = ownFolder("postgresql");
  // It refuses to be run by root.
  const idOf = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  const user = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
  const own = (file: string) => user.uid !== undefined && chownSync(file, user.uid, user.gid);
  own(folder);
  const data = path.join(folder, "data");
  const certificates = makeCertificates(folder);
  writeFileSync(path.join(folder, "password"), "geheim");
  own(path.join(folder, "password"));
  execFileSync(
    bin("initdb"),
    ["-D", data, "-U", "owner", "-A", "scram-sha-256", "--pwfile", path.join(folder, "password"), "-E", "UTF8", "--no-locale"], // prettier-ignore
    { ...user, cwd: folder, stdio: "ignore" },
  );
  const port = await freePort();
  const put = (from: string, name: string) => {
    const file = path.join(data, name);
    copyFileSync(from, file);
    own(file);
    execFileSync("chmod", ["600", file]);
  };
  put(certificates.key, "server.key");
  put(certificates.valid, "server.crt");
  appendFileSync(
    path.join(data, "postgresql.conf"),
    `listen_addresses = '127.0.0.1'\nport = ${port}\nunix_socket_directories = '${folder}'\nssl = on\nfsync = off\n`,
  );
  let child = begin();
  function begin() {
    return started(bin("postgres"), ["-D", data], { ...user, cwd: folder });
  }
  const address = (name = "owner", password = "geheim") =>
    `postgresql://${name}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres?sslmode=disable`;
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: address(), ssl: false });
    client.on("error", () => undefined);
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await until(() => run("select 1"));
  await run("create role kvv login password 'lezen'; grant pg_read_all_data to kvv");
  return {
    port,
    ca: certificates.ca,
    address,
    run,
    async useCertificate(which) {
      put(certificates[which], "server.crt");
      await run("select pg_reload_conf()");
      await until(async () => {
        const client = new pg.Client({ connectionString: address(), ssl: { rejectUnauthorized: false } });
        await client.connect();
        await client.end();
      });
    },
    kill: () => ended(child),
    async again() {
      child = begin();
      await until(() => {
        // Where somebody still worked for the one that was killed it does not begin.
        if (child.exitCode !== null) child = begin();
        return run("select 1");
      });
    },
    async stop() {
      await ended(child, "SIGINT");
      remove();
    },
  };
}
