import { SourceFailure } from "../problem.ts";
import type { Message } from "./words.ts";

const patienceMs = 15_000;

/** A message with whom it is from and for. */
export interface Mail extends Message {
  from: string;
  to: string[];
  /** By which mail programs know the same message again; left out, each has one of its own. */
  messageId?: string;
}

/** Sends a message to a few people through the mail server of the settings. */
export async function sendMail(server: string, mail: Mail): Promise<void> {
  // Asked for when there is something to send: most programs never do.
  const { createTransport } = await import("nodemailer");
  const transport = createTransport(server, {
    from: mail.from,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as never);
  try {
    await transport.sendMail({ ...mail, headers: { "Auto-Submitted": "auto-generated" } });
  } catch (error) {
    // What the server says may hold the password that it was given.
    throw new SourceFailure(`the mail server did not take it (${(error as NodeJS.ErrnoException).code ?? "unknown"})`);
  } finally {
    transport.close();
  }
}
