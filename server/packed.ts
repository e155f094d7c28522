import { access, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";
import type { RequestHandler } from "express";

const packers = {
  br: {
    suffix: ".br",
    pack: (bytes: Buffer) =>
      promisify(zlib.brotliCompress)(bytes, {
        params: {
          [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MAX_QUALITY,
          [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      }),
  },
  gzip: { suffix: ".gz", pack: (bytes: Buffer) => promisify(zlib.gzip)(bytes, { level: 9 }) },
};
type Coding = keyof typeof packers;
const codings = Object.keys(packers) as Coding[];

const packable = /^[\w.-]+\.(js|css)$/;

/** Packs the programs and styles of a built `assets` folder as small as can be, each beside itself: that takes too long for when one is asked for. */
export async function packFiles(assets: string): Promise<void> {
  const names = (await readdir(assets)).filter((name) => packable.test(name));
  await Promise.all(
    names.map(async (name) => {
      const file = path.join(assets, name);
      const bytes = await readFile(file);
      for (const { suffix, pack } of Object.values(packers)) {
        const packed = await pack(bytes);
        if (packed.length < bytes.length) await writeFile(file + suffix, packed);
      }
    }),
  );
}

/** Sends what was packed beside a file of `/assets`, as the reader's browser takes it; all else is for others to send. */
export function sendPacked(folder: string): RequestHandler {
  return async (request, response, next) => {
    const [, below, name] = /^(\/assets\/)([^/]+)$/.exec(request.path) ?? [];
    if (!below || !packable.test(name!) || !["GET", "HEAD"].includes(request.method)) return next();
    // The smaller one first, in whatever order a browser names them.
    const coding = codings.find((each) => request.acceptsEncodings(each));
    if (!coding) return next();
    const packed = below + name! + packers[coding].suffix;
    if (
      !(await access(path.join(folder, packed)).then(
        () => true,
        () => false,
      ))
    )
      return next();
    response.vary("Accept-Encoding").type(path.extname(name!)).set("Content-Encoding", coding);
    response.sendFile(packed, { root: folder, maxAge: "365d", immutable: true }, (error) => error && next(error));
  };
}
