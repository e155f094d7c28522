import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { ended, freePort, ownFolder, started, until } from "./machine.ts";

/** A server of Debian's package `clickhouse-server`, on this machine only, in a folder of its own. */
export interface ClickHouse {
  port: number;
  tcp: number;
  /** Makes a cluster `alle` of servers known to this one, each of them a shard. */
  cluster(shards: ClickHouse[]): Promise<void>;
  address(user?: string, password?: string): string;
  run(sql: string): Promise<void>;
  kill(): Promise<void>;
  again(): Promise<void>;
  stop(): Promise<void>;
}

const program = ["/usr/sbin/clickhouse-server", "/usr/bin/clickhouse-server"].find((file) => existsSync(file));

/** Null where the package is not installed. */
export async function startClickHouse(): Promise<ClickHouse | null> {
  if (program === undefined) return null;
  const { folder, remove } = ownFolder("clickhouse");
  const [http, tcp, inter] = [await freePort(), await freePort(), await freePort()];
  const at = (name: string) => path.join(folder, name);
  for (const name of ["data", "tmp", "logs"]) mkdirSync(at(name));
  writeFileSync(at("include.xml"), "<yandex/>");
  writeFileSync(
    at("config.xml"),
    `<yandex>
  <include_from>${at("include.xml")}</include_from><remote_servers incl="clusters" optional="true"/>
  <logger><level>error</level><log>${at("logs/log")}</log><errorlog>${at("logs/errors")}</errorlog></logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>${http}</http_port><tcp_port>${tcp}</tcp_port><interserver_http_port>${inter}</interserver_http_port>
  <path>${at("data")}/</path><tmp_path>${at("tmp")}/</tmp_path>
  <users_config>${at("users.xml")}</users_config>
  <default_profile>default</default_profile><default_database>default</default_database>
  <mark_cache_size>100000000</mark_cache_size>
</yandex>`,
  );
  const user = (name: string, password: string, profile: string) =>
    `<${name}><password>${password}</password><networks><ip>127.0.0.1</ip></networks><profile>${profile}</profile><quota>default</quota></${name}>`;
  writeFileSync(
    at("users.xml"),
    `<yandex>
  <profiles><default><max_memory_usage>2000000000</max_memory_usage></default><reader><readonly>2</readonly></reader><strict><readonly>1</readonly></strict><cut><readonly>2</readonly><max_result_rows>100000</max_result_rows><result_overflow_mode>break</result_overflow_mode></cut></profiles>
  <users>${user("owner", "geheim", "default")}${user("default", "geheim", "default")}${user("kvv", "lezen", "reader")}${user("strict", "lezen", "strict")}${user("cut", "lezen", "cut")}</users>
  <quotas><default/></quotas>
</yandex>`,
  );
  let child = begin();
  function begin() {
    return started(program!, ["--config-file", at("config.xml")], { cwd: folder });
  }
  const run = async (sql: string) => {
    const client = createClient({
      url: `http://127.0.0.1:${http}`,
      username: "owner",
      password: "geheim",
      log: { level: ClickHouseLogLevel.OFF },
      // Millions of rows are made by one statement, beside whatever else the machine does.
      request_timeout: 600_000,
    });
    try {
      await client.command({ query: sql });
    } finally {
      await client.close();
    }
  };
  await until(() => run("select 1"));
  const server: ClickHouse = {
    port: http,
    tcp,
    async cluster(shards) {
      const servers = shards.map((each) => `<shard><replica><host>127.0.0.1</host><port>${each.tcp}</port><user>owner</user><password>geheim</password></replica></shard>`); // prettier-ignore
      writeFileSync(at("include.xml"), `<yandex><clusters><alle>${servers.join("")}</alle></clusters></yandex>`);
      await ended(child);
      await server.again();
    },
    address: (name = "kvv", password = "lezen") => `http://${name}:${encodeURIComponent(password)}@127.0.0.1:${http}/default`, // prettier-ignore
    run,
    kill: () => ended(child),
    async again() {
      child = begin();
      await until(() => run("select 1"));
    },
    async stop() {
      await ended(child);
      remove();
    },
  };
  return server;
}
