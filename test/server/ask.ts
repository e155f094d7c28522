import http from "node:http";
import { expect } from "vitest";
import type { Fixture } from "../support/serve-fixture.ts";

export interface Answered {
  status: number;
  headers: http.IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
}

/** Asks as written: no client tidies the path or the headers. As somebody who may all, where no other cookie is given; an empty one is none. */
export function ask(
  fixture: Pick<Fixture, "address"> & Partial<Pick<Fixture, "cookie">>,
  path: string,
  { method = "GET", body, ...given }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answered> {
  const { hostname, port } = new URL(fixture.address);
  const { cookie = fixture.cookie, ...others } = given.headers ?? {};
  const headers = cookie ? { ...others, cookie } : others;
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(pieces);
        resolve({ status: response.statusCode!, headers: response.headers, bytes, text: bytes.toString() });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** The rows or the object that a route of the API answers in JSON. */
export async function askJson<T = Record<string, unknown>[]>(fixture: Fixture, path: string): Promise<T> {
  const { status, text } = await ask(fixture, `/api/v1${path}`);
  expect(status, text).toBe(200);
  return JSON.parse(text) as T;
}

/** The problem that a route answers; its shape is checked. */
export async function askProblem(
  fixture: Fixture,
  path: string,
  options: Parameters<typeof ask>[2] = {},
): Promise<{ type: string; title: string; status: number; detail: string }> {
  const answered = await ask(fixture, path, options);
  expect(answered.headers["content-type"]).toBe("application/problem+json");
  const problem = JSON.parse(answered.text) as { type: string; title: string; status: number; detail: string };
  expect(Object.keys(problem)).toEqual(["type", "title", "status", "detail"]);
  expect(problem.status).toBe(answered.status);
  expect(problem.detail).not.toMatch(/node_modules|\bat .*:\d+|SELECT|\.ts\b/);
  return problem;
}
