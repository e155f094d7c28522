import { SourceFailure } from "../problem.ts";
import type { Message } from "./words.ts";

const patienceMs = 15_000;

/** Sends a message to a few people through the mail server of the settings. */
export async function sendMail(
  server: string,
  { from, to, subject, text }: Message & { from: string; to: string[] },
): Promise<void> {
  // Asked for when there is something to send: most programs never do.
  const { createTransport } = await import("nodemailer");
  const transport = createTransport(server, {
    from,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as never);
  try {
    await transport.sendMail({ from, to, subject, text, headers: { "Auto-Submitted": "auto-generated" } });
  } catch (error) {
    // What the server says may hold the password that it was given.
    throw new SourceFailure(`the mail server did not take it (${(error as NodeJS.ErrnoException).code ?? "unknown"})`);
  } finally {
    transport.close();
  }
}
