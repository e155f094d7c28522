import { once } from "node:events";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { Refusal } from "../problem.ts";

export interface ZipOptions {
  maxFileBytes: number;
  maxZipEntries: number;
}

/** The entries of a zip file in memory. Together they give no more bytes than the largest size, by what really comes out. */
export interface Zip {
  names: string[];
  has(name: string): boolean;
  /** The bytes of an entry, unzipped. */
  read(name: string): AsyncGenerator<Buffer>;
}

const damaged = () =>
  new Refusal("the spreadsheet is damaged or cut off; ask for it again, or open it and save it anew");

const twice = (name: string) =>
  new Refusal(
    `the spreadsheet has two parts of the name ${name.slice(0, 60)}: it was made by hand; open it and save it anew`,
  );

/** Lists the entries of a zip file. */
export async function openZip(content: Buffer, options: ZipOptions): Promise<Zip> {
  const { zip, entries } = await listEntries(content, options);
  let bytes = 0;
  async function* read(name: string): AsyncGenerator<Buffer> {
    const entry = entries.get(name);
    if (!entry) throw damaged();
    if (entry.isEncrypted()) throw new Refusal("the spreadsheet has a password; save it without one");
    try {
      for await (const chunk of await zip.openReadStreamPromise(entry)) {
        bytes += (chunk as Buffer).length;
        if (bytes > options.maxFileBytes)
          throw new Refusal(
            `the spreadsheet has more than ${Math.round(options.maxFileBytes / 1024 / 1024)} MB unzipped; split it, or raise KVV_MAX_FILE_MB`,
          );
        yield chunk as Buffer;
      }
    } catch (error) {
      throw error instanceof Refusal ? error : damaged();
    }
  }
  return { names: [...entries.keys()], has: (name) => entries.has(name), read };
}

async function listEntries(
  content: Buffer,
  { maxZipEntries }: ZipOptions,
): Promise<{ zip: ZipFile; entries: Map<string, Entry> }> {
  const entries = new Map<string, Entry>();
  try {
    const zip = await yauzl.fromBufferPromise(content, { lazyEntries: true });
    zip.on("entry", (entry: Entry) => {
      // Of two programs one would read the first of them, and one the last.
      if (entries.has(entry.fileName)) return void zip.emit("error", twice(entry.fileName));
      entries.set(entry.fileName, entry);
      if (entries.size > maxZipEntries)
        zip.emit(
          "error",
          new Refusal(
            `the file is a zip with more than ${maxZipEntries} entries: no spreadsheet; if it is one, raise KVV_MAX_ZIP_ENTRIES`,
          ),
        );
      else zip.readEntry();
    });
    const end = once(zip, "end");
    zip.readEntry();
    await end;
    return { zip, entries };
  } catch (error) {
    throw error instanceof Refusal ? error : damaged();
  }
}
