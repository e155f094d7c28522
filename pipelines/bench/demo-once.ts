import { writeDemo, type DemoOptions } from "../demo/demo.ts";

/** Files of the demo, in a folder. */
export interface DemoInput extends DemoOptions {
  folder: string;
}

// Runs as a process of its own, so that what it takes does not count as memory of a publication: `node demo-once.ts '{"folder": …}'`.
const { folder, ...options } = JSON.parse(process.argv[2]!) as DemoInput;
process.stdout.write(JSON.stringify(await writeDemo(folder, options)) + "\n");
