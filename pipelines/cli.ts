import { commandNames, loadCommand, parseCommand, type Command } from "./command.ts";
import { createContext, type Context } from "./context.ts";
import { connectOwner, handOver, type Answer } from "./handover.ts";
import { openOwner, toAnswer } from "./owner.ts";
import { Refusal, Usage } from "./problem.ts";
import { readProject } from "./project.ts";
import { readSettings, type Settings } from "./settings.ts";
import { createTeller } from "./tell.ts";

const [name, ...args] = process.argv.slice(2);
const tell = createTeller(process.stderr);
process.exitCode = await main();

async function main(): Promise<number> {
  const json = args.includes("--json");
  let command: Command | undefined;
  let answer: Answer;
  try {
    if (!name || name === "help" || name === "--help") return printHelp();
    command = await loadCommand(name);
    answer = await perform(command);
  } catch (error) {
    answer = toAnswer(error, { log: tell });
  }
  tell.done();
  if (json) process.stdout.write(JSON.stringify(answer.result ?? { failed: answer.failed }) + "\n");
  else if (answer.result) writeResult(command!, answer.result);
  if (answer.failed) process.stderr.write(`kvv ${name}: ${answer.failed}\n`);
  return answer.exit ?? 1;
}

async function perform(command: Command): Promise<Answer> {
  const { values, positionals } = parseCommand(command, args);
  const context = await contextOf(readableSettings());
  if (command.makesFigures) refuseFetched(context.settings);
  if (command.where === "here") {
    const project = () => readProject(context.settings);
    const result = await command.run({ context, project, values, positionals, cwd: process.cwd() });
    return { result, exit: command.exit?.(result) ?? 0 };
  }
  const ask = { command: name!, arguments: args, cwd: process.cwd() };
  const socket = await connectOwner(context.settings.home);
  if (socket) return handOver(socket, ask, (told) => tell(told.log ?? "", told.progress));
  const owner = await openOwner(context, name!);
  try {
    return await owner.answer(ask, (told) => tell(told.log ?? "", told.progress));
  } finally {
    await owner.close();
  }
}

/** Runs are logged for machines only where that was asked for: people are told of them in words. */
async function contextOf(settings: Settings): Promise<Context> {
  if (settings.logLevel !== "info") return createContext(settings, tell);
  const { createLog, runNotes } = await import("./log.ts");
  return createContext(settings, tell, runNotes(createLog(settings.logLevel)));
}

function readableSettings(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    throw new Usage((error as Error).message);
  }
}

/** What is loaded here would be in no figure: those that are fetched have the whole say. */
function refuseFetched({ publishedUrl }: Settings): void {
  if (publishedUrl === "") return;
  throw new Refusal(
    "KVV_PUBLISHED_URL is set: this home has figures that are made elsewhere, so nothing is loaded or published here; do it on the machine where is published, or unset KVV_PUBLISHED_URL",
  );
}

function writeResult(command: Command, result: object): void {
  const text = command.print(result);
  if (text) process.stdout.write(text.endsWith("\n") ? text : text + "\n");
}

async function printHelp(): Promise<number> {
  const lines = ["The KVV monitor. Every command takes --json.", ""];
  for (const each of commandNames()) {
    const command = await loadCommand(each);
    lines.push(`  kvv ${command.usage}`, `      ${command.help}`);
  }
  process.stdout.write(lines.join("\n") + "\n");
  return name ? 0 : 2;
}
