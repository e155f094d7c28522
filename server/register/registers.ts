import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { noAssessment, parseAssessment, type Assessment } from "../../pipelines/assessment-file.ts";
import { readSettings } from "../../pipelines/settings.ts";
import { reachesOf } from "../access.ts";
import type { Contracts } from "../contracts.ts";
import { Problem } from "../problem.ts";
import type { Snapshot } from "../snapshot.ts";
import { columnsRead } from "./columns-read.ts";
import type { Keep, Register } from "./processing.ts";
import { makeRegister } from "./register.ts";

/** The register, and the start of the assessment of what it describes. */
export interface Assessed {
  register: Register;
  assessment: Assessment;
}

export interface RegisterOptions {
  contracts: Contracts;
  /** How long the settings keep things. */
  keep?: Keep;
  /** The file `data/assessment.yaml`; left out, there is none. */
  assessment?: string;
}

/** The register as the contracts, the published definitions and the settings make it; the last one is kept. */
export class Registers {
  private readonly options: RegisterOptions;
  private readonly keep: Keep;
  private kept: { name: string; register: Promise<Assessed> } | null = null;

  constructor(options: RegisterOptions) {
    this.options = options;
    this.keep = options.keep ?? readSettings({});
  }

  /** What names the register as it is now, and how to have it. 503 where a file that it is made of has faults. */
  async now(snapshot: Snapshot): Promise<{ name: string; of: () => Promise<Assessed> }> {
    const contracts = await this.options.contracts.all();
    const file = this.options.assessment;
    const found = file ? await stat(file).catch(() => null) : null;
    const name = createHash("sha256")
      .update([...contracts.values()].map(({ hash }) => hash).join(" "))
      .update(` ${found?.mtimeMs} ${found?.size} ${snapshot.manifest.snapshot}`)
      .digest("hex");
    const of = () => {
      if (this.kept?.name !== name)
        this.kept = { name, register: this.make(contracts, snapshot, found ? file! : null) };
      const { register } = this.kept;
      register.catch(() => (this.kept = null));
      return register;
    };
    return { name, of };
  }

  private async make(
    contracts: Awaited<ReturnType<Contracts["all"]>>,
    snapshot: Snapshot,
    file: string | null,
  ): Promise<Assessed> {
    const definitions = [...snapshot.catalogue.definitions.values()];
    const reads = await columnsRead(definitions, contracts);
    return {
      register: makeRegister({ contracts, definitions, reads, keep: this.keep, reachesOf }),
      assessment: file ? await readAssessment(file) : noAssessment,
    };
  }
}

async function readAssessment(file: string): Promise<Assessment> {
  const { assessment, faults } = parseAssessment(await readFile(file, "utf8"), file);
  if (faults.length > 0)
    throw new Problem(503, "data/assessment.yaml has faults; kvv check names them", { code: "bad-assessment" });
  return assessment;
}
