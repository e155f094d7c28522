import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import type { Progress } from "./context.ts";
import type { AskedFigure } from "./lineage/lineage.ts";
import type { Upload } from "./upload.ts";

/** What a command asks of the owner of the warehouse. */
export interface Ask {
  command: string;
  arguments: string[];
  cwd: string;
  /** The file of a `load`, where it lies in no folder. */
  upload?: Upload;
  /** Of a `draft-check`, `draft-preview` or `draft-adopt`: what is asked of which texts. */
  draft?: object;
  /** Of a `publish`: is not waited for, and what is asked for before its turn comes is the same publication. */
  later?: boolean;
  /** Of a question about one figure: which. */
  figure?: AskedFigure;
}

/** What the owner answers, a line each; the last has `exit`. */
export interface Answer {
  log?: string;
  progress?: Progress;
  result?: object;
  /** The result as JSON text, where it was made as such; over the socket it is the result. */
  json?: string;
  failed?: string;
  exit?: number;
  /** Of a refusal that has a name, for who asks to tell it from others. */
  code?: string;
  /** Why it failed, where that is nothing a person asked for: a fault of ours, or an owner that stopped. */
  fault?: "ours" | "stopped";
}

/** Whether a socket can have that name: sockets cannot have long ones. */
export const fitsSocket = (name: string): boolean => name.length <= 100;

/** Where the owner of a home listens. A home with a long name gets a socket in the system's folder for temporary files. */
export function socketPath(home: string): string {
  if (process.platform === "win32") return `\\\\.\\pipe\\kvv-${shortHash(home)}`;
  const inside = path.join(home, "kvv.sock");
  return fitsSocket(inside) ? inside : path.join(os.tmpdir(), `kvv-${shortHash(home)}.sock`);
}

const shortHash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** A connection to the running owner of the home, or null where none runs. */
export function connectOwner(home: string): Promise<net.Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(socketPath(home));
    socket.once("connect", () => resolve(socket));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(null);
      else reject(error);
    });
  });
}

/** Hands a command to the owner and passes on what it tells; the last answer is returned. */
export async function handOver(socket: net.Socket, ask: Ask, tell: (answer: Answer) => void): Promise<Answer> {
  socket.write(JSON.stringify(ask) + "\n");
  for await (const line of linesOf(socket)) {
    const answer = JSON.parse(line) as Answer;
    if (answer.exit !== undefined) {
      socket.end();
      return answer;
    }
    tell(answer);
  }
  return stopped;
}

/** The same of a question whose result is to be passed on: its JSON as it came, or the answer that is no result. */
export async function handOverForText(socket: net.Socket, ask: Ask): Promise<string | Answer> {
  socket.write(JSON.stringify(ask) + "\n");
  for await (const line of linesOf(socket)) {
    const isResult = line.startsWith(resultBegins) && line.endsWith(resultEnds);
    const answer = isResult ? null : (JSON.parse(line) as Answer);
    if (answer && answer.exit === undefined) continue;
    socket.end();
    return answer ?? line.slice(resultBegins.length, -resultEnds.length);
  }
  return stopped;
}

const [resultBegins, resultEnds] = ['{"result":', ',"exit":0}'];

const lineOf = ({ json, ...answer }: Answer): string =>
  json === undefined ? JSON.stringify(answer) : resultBegins + json + resultEnds;

const stopped: Answer = {
  failed: "the running monitor stopped before it had answered; look at its output and try again",
  exit: 1,
  fault: "stopped",
};

/** The lines that come in; a long one is put together once, when its end is there. What breaks off ends them. */
async function* linesOf(socket: net.Socket): AsyncGenerator<string> {
  let pieces: Buffer[] = [];
  try {
    for await (const piece of socket as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, from)) {
        yield Buffer.concat([...pieces, piece.subarray(from, at)]).toString("utf8");
        pieces = [];
        from = at + 1;
      }
      if (from < piece.length) pieces.push(piece.subarray(from));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

const newline = 0x0a;

/** Listens for commands; only the user who runs the monitor can reach the socket. `gone` is aborted when the asker hangs up. */
export function listenForCommands(
  home: string,
  work: (ask: Ask, tell: (answer: Answer) => void, gone: AbortSignal) => Promise<Answer>,
): Promise<net.Server> {
  const address = socketPath(home);
  if (process.platform !== "win32" && existsSync(address)) rmSync(address);
  const server = net.createServer((socket) => {
    const tell = (answer: Answer) => void (socket.writable && socket.write(lineOf(answer) + "\n"));
    const gone = new AbortController();
    socket.on("error", () => socket.destroy());
    socket.on("close", () => gone.abort());
    const lines = readline.createInterface({ input: socket });
    // It passes on what breaks off of the socket, which would end the process if nobody heard it.
    lines.on("error", () => socket.destroy());
    lines.on("line", (line) => {
      void Promise.resolve()
        .then(() => work(JSON.parse(line) as Ask, tell, gone.signal))
        .catch((error: Error): Answer => ({ failed: error.message, exit: 1 }))
        .then(tell);
    });
  });
  const mask = process.umask(0o077);
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      process.umask(mask);
      reject(error);
    });
    server.listen(address, () => {
      process.umask(mask);
      resolve(server);
    });
  });
}
